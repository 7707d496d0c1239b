using BenchmarkDotNet.Attributes;
using Orlop.Layers.Compression;
using Orlop.Layers.Digests;

namespace Orlop.Microbench;

/// <summary>Decompressing a layer, and what its digest adds.</summary>
[MemoryDiagnoser]
public class GzipBenchmarks
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly byte[] _layer = SampleLayer.Gzip(SampleLayer.Tar());

    [Benchmark(Baseline = true, Description = "decompress")]
    public long Decompress() => Drain(LayerDecompression.Open(new MemoryStream(_layer)));

    [Benchmark(Description = "decompress and hash")]
    public string Hash()
    {
        using var digest = new DigestStream(LayerDecompression.Open(new MemoryStream(_layer)), DigestAlgorithm.Sha256);
        return digest.Finish().ToString();
    }

    private long Drain(Stream stream)
    {
        long total = 0;
        using (stream)
        {
            while (stream.Read(_buffer) is > 0 and var read) total += read;
        }

        return total;
    }
}
