using Orlop.Abstractions.Errors;
using Orlop.Layers;
using Orlop.Linux.Syscalls;

namespace Orlop.Snapshots;

/// <summary>Turns what went wrong below into the errors of the contracts.</summary>
internal static class SnapshotErrors
{
    /// <param name="what">What failed, on what: <c>unpack layer sha256:…</c>.</param>
    /// <param name="exception">What was thrown.</param>
    public static RuntimeException Explain(string what, Exception exception) => exception switch
    {
        LayerFormatException e => new RuntimeException(ErrorKind.InvalidArgument, $"{what}: {e.Message}", e),
        SyscallException { Errno: Errno.ENOSPC or Errno.EDQUOT } e => new RuntimeException(
            ErrorKind.ResourceExhausted, $"{what}: {e.Message}; free some space or inodes on this file system", e),
        IOException { HResult: Errno.ENOSPC or Errno.EDQUOT } e => new RuntimeException(
            ErrorKind.ResourceExhausted, $"{what}: {e.Message}; free some space or inodes on this file system", e),
        SyscallException e => new RuntimeException(ErrorKind.Internal, $"{what}: {e.Message}", e),
        _ => new RuntimeException(ErrorKind.Internal, $"{what}: {exception.Message}", exception),
    };

    /// <summary>Whether an exception is ours to explain; a cancellation is not.</summary>
    public static bool CanExplain(Exception exception) =>
        exception is LayerFormatException or SyscallException or IOException or UnauthorizedAccessException;

    /// <summary>Runs blocking work on a thread of the pool, its errors explained.</summary>
    public static async Task RunAsync(string what, Action work, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(work, cancellationToken);
        }
        catch (Exception e) when (CanExplain(e))
        {
            throw Explain(what, e);
        }
    }
}
