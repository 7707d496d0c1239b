using BenchmarkDotNet.Attributes;
using Orlop.Layers.Compression;
using Orlop.Layers.Tar;

namespace Orlop.Microbench;

/// <summary>Reading a layer's archive with all of its data, without writing anything. From a stream that cannot seek, as what decompresses a layer cannot.</summary>
[MemoryDiagnoser]
public class TarBenchmarks
{
    private readonly byte[] _tar = SampleLayer.Tar();
    private readonly byte[] _buffer = new byte[1 << 16];

    [Benchmark(Baseline = true, Description = "System.Formats.Tar")]
    public long Framework()
    {
        using var archive = Archive();
        using var reader = new System.Formats.Tar.TarReader(archive);
        long bytes = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            while (entry.DataStream?.Read(_buffer) is > 0 and var read) bytes += read;
        }

        return bytes;
    }

    [Benchmark(Description = "TarReader")]
    public long Own()
    {
        using var archive = Archive();
        var reader = new TarReader(archive);
        long bytes = 0;
        while (reader.Next() is not null)
        {
            while (reader.TryReadChunk(out _, out var chunk)) bytes += chunk.Length;
        }

        return bytes;
    }

    private PrefixedStream Archive() => new(ReadOnlyMemory<byte>.Empty, new MemoryStream(_tar));
}
