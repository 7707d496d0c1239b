namespace Orlop.Bench.Measuring;

/// <summary>What was measured on one runtime.</summary>
internal sealed class Samples
{
    private readonly List<double> _times = [];
    private readonly List<double> _cpu = [];

    public void Add(IReadOnlyList<TimeSpan> batch, double? cpuMilliseconds)
    {
        _times.AddRange(batch.Select(time => time.TotalMilliseconds));
        if (cpuMilliseconds is { } cpu) _cpu.Add(cpu / batch.Count);
    }

    public Figure ToFigure(string name, string runtime) => new()
    {
        Name = name,
        Runtime = runtime,
        Unit = "ms",
        P50 = Percentile(_times, 50),
        P99 = Percentile(_times, 99),
        Cpu = _cpu.Count > 0 ? Percentile(_cpu, 50) : null,
        Samples = _times.Count,
    };

    private static double Percentile(List<double> values, int percent)
    {
        values.Sort();
        return Math.Round(values[Math.Min(values.Count - 1, values.Count * percent / 100)], 3);
    }
}
