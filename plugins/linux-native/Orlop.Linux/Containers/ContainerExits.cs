using Orlop.Abstractions.Execution;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>What the end of a process means. Pure.</summary>
internal static class ContainerExits
{
    public const int StartFailedCode = 128;
    public const int LostCode = 255;
    private const int BadSystemCall = 31; // SIGSYS

    public static ContainerExit From(ExitNotice notice) => From(notice.Status, notice.OomKills, notice.ExitedAt);

    public static ContainerExit From(ExitRecord record) => From(record.Status, record.OomKills, record.ExitedAt);

    public static ContainerExit StartFailed(string message, DateTimeOffset at) => new(StartFailedCode, ExitReason.StartFailed, message, at);

    public static ContainerExit Lost(string message, DateTimeOffset at) => new(LostCode, ExitReason.Lost, message, at);

    /// <summary>Nanoseconds since 1970-01-01 UTC as a point in time.</summary>
    public static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>The reverse of <see cref="At"/>.</summary>
    public static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private static ContainerExit From(int status, long oomKills, long exitedAt)
    {
        var wait = new WaitStatus(status);
        ExitReason reason = wait.ExitCode == 0 ? ExitReason.Completed : oomKills > 0 ? ExitReason.OutOfMemory : ExitReason.Error;
        string message = wait.Signal == BadSystemCall ? "killed by its seccomp filter (SIGSYS)" : "";
        return new ContainerExit(wait.ExitCode, reason, message, At(exitedAt));
    }
}
