using System.Globalization;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Kernel;

/// <summary>Tells processes apart whose id is the same; proc_pid_stat(5).</summary>
internal static class ProcessIdentity
{
    /// <summary>When it was started, in clock ticks since the boot; null when there is no such process, or only its zombie.</summary>
    public static long? StartTicks(int processId) => CgroupFile.TryRead($"/proc/{processId}/stat") is { } stat ? ParseStartTicks(stat) : null;

    internal static long? ParseStartTicks(string stat)
    {
        // Field 2 is the name in parentheses, which may hold anything; 22 is the 20th after it.
        int end = stat.LastIndexOf(')');
        string[] fields = end < 0 ? [] : stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0] is not ("Z" or "X") && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : null;
    }
}
