using System.Globalization;

namespace Orlop.Bench.Measuring;

/// <summary>CPU time of everything in a cgroup and below it: the runtime, its helpers and the pods.</summary>
/// <param name="cgroup">As /proc/PID/cgroup names it; null measures nothing.</param>
internal sealed class CpuMeter(string? cgroup)
{
    /// <summary>CPU time so far in milliseconds; null where it cannot be read.</summary>
    public double? Read()
    {
        if (cgroup is null) return null;
        string v1 = $"/sys/fs/cgroup/cpuacct{cgroup}/cpuacct.usage";
        if (File.Exists(v1)) return long.Parse(File.ReadAllText(v1), CultureInfo.InvariantCulture) / 1e6;

        string v2 = $"/sys/fs/cgroup{cgroup}/cpu.stat";
        if (!File.Exists(v2)) return null;
        string line = File.ReadLines(v2).First(l => l.StartsWith("usage_usec ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) / 1e3;
    }
}
