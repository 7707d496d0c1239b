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

    public static ContainerExit From(ExitNotice notice, bool isFiltered) => From(notice.Status, notice.OomKills, notice.ExitedAt, isFiltered);

    /// <param name="record">The end.</param>
    /// <param name="isFiltered">Whether it has a seccomp filter.</param>
    public static ContainerExit From(ExitRecord record, bool isFiltered) => From(record.Status, record.OomKills, record.ExitedAt, isFiltered);

    public static ContainerExit StartFailed(string message, DateTimeOffset at) => new(StartFailedCode, ExitReason.StartFailed, message, at);

    public static ContainerExit Lost(string message, DateTimeOffset at) => new(LostCode, ExitReason.Lost, message, at);

    /// <summary>Nanoseconds since 1970-01-01 UTC as a point in time.</summary>
    public static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>The reverse of <see cref="At"/>.</summary>
    public static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private static ContainerExit From(int status, long oomKills, long exitedAt, bool isFiltered)
    {
        var wait = new WaitStatus(status);
        bool isFilterKill = isFiltered && wait.Signal == BadSystemCall;
        ExitReason reason = wait.ExitCode == 0 ? ExitReason.Completed
            : oomKills > 0 ? ExitReason.OutOfMemory
            : isFilterKill ? ExitReason.SeccompKilled
            : ExitReason.Error;
        return new ContainerExit(wait.ExitCode, reason, isFilterKill ? "killed by its seccomp filter (SIGSYS)" : "", At(exitedAt));
    }
}
