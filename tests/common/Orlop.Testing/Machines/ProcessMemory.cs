using System.Globalization;

namespace Orlop.Testing.Machines;

/// <summary>What a process needs of memory.</summary>
public static class ProcessMemory
{
    /// <summary>The most that it has ever had resident, in bytes (proc_pid_status(5), VmHWM).</summary>
    public static long Peak(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
