using System.Globalization;
using System.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Kernel;

/// <summary>What this process, and with it every supervisor and container, can be given at most.</summary>
internal sealed class OwnProcess
{
    /// <summary>CAP_SYS_RESOURCE of capabilities(7): may raise hard limits and lower its oom_score_adj.</summary>
    private const int SysResource = 24;

    private OwnProcess(ulong capabilities, int lastCapability, int oomScoreAdjust)
    {
        Capabilities = capabilities;
        LastCapability = lastCapability;
        OomScoreAdjust = oomScoreAdjust;
    }

    /// <summary>Capabilities that it can hand on: permitted and in its bounding set.</summary>
    public ulong Capabilities { get; }

    /// <summary>The kernel's highest capability.</summary>
    public int LastCapability { get; }

    /// <summary>Its own <c>oom_score_adj</c>.</summary>
    public int OomScoreAdjust { get; }

    public bool CanRaiseLimits => (Capabilities >> SysResource & 1) != 0;

    public static OwnProcess Read() => new(
        ParseCapabilities(Text("/proc/self/status")),
        int.Parse(Text("/proc/sys/kernel/cap_last_cap"), CultureInfo.InvariantCulture),
        int.Parse(Text("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture));

    /// <summary>The hard limit of a resource; see prlimit(2).</summary>
    public static unsafe ulong HardLimit(int resource)
    {
        ulong* limit = stackalloc ulong[2]; // struct rlimit64: soft, hard
        return Libc.Syscall(SyscallNumber.PrLimit, 0, resource, 0, (long)limit) >= 0 ? limit[1] : throw SyscallException.Last("prlimit", $"resource {resource}");
    }

    /// <param name="status">The content of <c>/proc/self/status</c>.</param>
    internal static ulong ParseCapabilities(string status)
    {
        return Set("CapPrm:") & Set("CapBnd:");

        ulong Set(string name) => ulong.Parse(
            status.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static string Text(string path)
    {
        using SafeFileDescriptor file = FileSystem.Open(path, OpenFlags.ReadOnly);
        return Encoding.ASCII.GetString(FileSystem.ReadAll(file)).Trim();
    }
}
