using BenchmarkDotNet.Attributes;
using Orlop.Layers.Tar;

namespace Orlop.Microbench;

/// <summary>Reading a layer's archive, without writing anything.</summary>
[MemoryDiagnoser]
public class TarBenchmarks
{
    private readonly byte[] _tar = SampleLayer.Tar();

    [Benchmark(Baseline = true, Description = "System.Formats.Tar")]
    public int Framework()
    {
        using var reader = new System.Formats.Tar.TarReader(new MemoryStream(_tar));
        int entries = 0;
        while (reader.GetNextEntry() is not null) entries++;
        return entries;
    }

    [Benchmark(Description = "TarReader, headers")]
    public int Headers()
    {
        var reader = new TarReader(new MemoryStream(_tar));
        int entries = 0;
        while (reader.Next() is not null) entries++;
        return entries;
    }
}
