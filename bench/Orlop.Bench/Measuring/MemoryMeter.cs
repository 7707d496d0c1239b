using System.Globalization;

namespace Orlop.Bench.Measuring;

/// <summary>Memory of all processes of a runtime's cgroup but the containers' own programs.</summary>
/// <param name="cgroup">As /proc/PID/cgroup names it; null measures nothing.</param>
internal sealed class MemoryMeter(string? cgroup)
{
    private static readonly string[] OfContainers = ["sh", "sleep"];

    /// <summary>What they take now; null where it cannot be read.</summary>
    /// <param name="daemon">The process that counts as the daemon; null when it is unknown.</param>
    public MemoryUse? Read(int? daemon)
    {
        if (cgroup is null) return null;
        var use = new MemoryUse(0, 0, 0);
        foreach (string folder in Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                if (!IsOurs(folder) || OfContainers.Contains(File.ReadAllText(Path.Join(folder, "comm")).TrimEnd())) continue;
                long pss = 0, own = 0;
                foreach (string line in File.ReadLines(Path.Join(folder, "smaps_rollup")))
                {
                    if (line.StartsWith("Pss:", StringComparison.Ordinal)) pss = Kilobytes(line);
                    if (line.StartsWith("Private_Dirty:", StringComparison.Ordinal)) own = Kilobytes(line);
                }

                bool isDaemon = daemon?.ToString(CultureInfo.InvariantCulture) == Path.GetFileName(folder);
                use += isDaemon ? new MemoryUse(pss, 0, 0) : new MemoryUse(0, pss, own);
            }
            catch (IOException)
            {
                // Ended while we looked.
            }
        }

        return use;
    }

    private bool IsOurs(string folder) =>
        File.ReadLines(Path.Join(folder, "cgroup")).Any(line => line.Split(':', 3)[2] is var path && (path == cgroup || path.StartsWith(cgroup + "/", StringComparison.Ordinal)));

    private static long Kilobytes(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
