using System.Globalization;

namespace Orlop.Bench.Measuring;

/// <summary>CPU time of everything in a cgroup and below it: the runtime, its helpers and the pods.</summary>
/// <param name="cgroup">As the runtime names it; empty measures nothing.</param>
internal sealed class CpuMeter(string cgroup)
{
    /// <summary>CPU time so far; null where it cannot be read.</summary>
    public TimeSpan? Read()
    {
        if (cgroup.Length == 0) return null;
        string v1 = $"/sys/fs/cgroup/cpuacct{cgroup}/cpuacct.usage";
        if (File.Exists(v1)) return TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(v1), CultureInfo.InvariantCulture) / 1000.0);

        string v2 = $"/sys/fs/cgroup{cgroup}/cpu.stat";
        if (!File.Exists(v2)) return null;
        string line = File.ReadLines(v2).First(l => l.StartsWith("usage_usec ", StringComparison.Ordinal));
        return TimeSpan.FromMicroseconds(long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
