extern alias supervisor;

using BenchmarkDotNet.Attributes;
using supervisor::Orlop.Linux.Supervisor.Logs;

namespace Orlop.Microbench;

/// <summary>A megabyte of a container's output into the CRI's log format, in reads of 64 KiB, written nowhere.</summary>
[MemoryDiagnoser]
public class LogPumpBenchmarks
{
    private const int Total = 1 << 20;
    private const int ReadSize = 1 << 16;

    private readonly byte[] _output = new byte[Total];
    private readonly byte[] _memory = new byte[ReadSize];
    private readonly Nowhere _target = new();

    [Params(20, 100, 1000, 100_000)]
    public int LineLength { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _output.AsSpan().Fill((byte)'x');
        for (int i = LineLength - 1; i < Total; i += LineLength) _output[i] = (byte)'\n';
    }

    [Benchmark]
    public long Format()
    {
        var formatter = new CriLineFormatter(isStandardError: false);
        for (int at = 0; at < Total; at += ReadSize) formatter.Append(_output.AsSpan(at, ReadSize), 1_700_000_000_000_000_000, _memory, _target);
        return _target.Bytes;
    }

    private sealed class Nowhere : ILogTarget
    {
        public long Bytes { get; private set; }

        public void Write(ReadOnlySpan<byte> lines) => Bytes += lines.Length;
    }
}
