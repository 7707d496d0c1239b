using Orlop.Abstractions.Errors;
using Orlop.Windows.Compute;
using Orlop.Windows.Interop;

namespace Orlop.Windows.Backend;

/// <summary>How things are ended: what counts as done, how long each step may take, what follows when it takes longer.</summary>
internal sealed class StopPolicy(IComputeApi compute, TimeProvider time)
{
    /// <summary>How long a killed process or a terminated system may take to be gone.</summary>
    public static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a system may take to shut down by itself.</summary>
    public static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Kills a process through handles of its own: HCS serialises the calls of one handle, and a signal that is still being delivered
    /// would hold the kill up.
    /// </summary>
    public async Task KillAsync(string systemId, uint processId)
    {
        try
        {
            using var system = await compute.OpenSystemAsync(systemId);
            using var process = await system.OpenProcessAsync(processId);
            await process.TerminateAsync();
        }
        catch (HcsException e) when (IsDone(e) || e.Error is HcsError.AccessDenied) // what is on its way out cannot be accessed
        {
            return;
        }
    }

    /// <summary>Lets a system shut down, and terminates it when it takes too long.</summary>
    public async Task ShutDownAsync(TrackedSystem system, CancellationToken cancellationToken)
    {
        if (system.Exited.IsCompleted) return;
        try
        {
            await system.Native.ShutDownAsync();
            if (await WithinAsync(system.Exited, ShutdownPatience, cancellationToken)) return;
        }
        catch (HcsException e) when (IsDone(e) || e.Error is HcsError.InvalidState) // never started, or on its way out
        {
            if (e.Error is HcsError.Pending && await WithinAsync(system.Exited, ShutdownPatience, cancellationToken)) return;
        }

        await TerminateAsync(system, cancellationToken);
    }

    /// <summary>Terminates a system with everything in it; returns once it has ended.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.DeadlineExceeded"/> when it does not end.</exception>
    public async Task TerminateAsync(TrackedSystem system, CancellationToken cancellationToken)
    {
        if (system.Exited.IsCompleted) return;
        try
        {
            await system.Native.TerminateAsync();
        }
        catch (HcsException e) when (e.Error is HcsError.AlreadyStopped or HcsError.NotFound)
        {
            return;
        }
        catch (HcsException e) when (e.Error is HcsError.Pending or HcsError.Timeout)
        {
            // It goes on; its end is waited for below.
        }

        if (await WithinAsync(system.Exited, KillPatience, cancellationToken)) return;
        throw new RuntimeException(
            ErrorKind.DeadlineExceeded,
            $"compute system {system.Native.Id} did not end within {KillPatience.TotalSeconds} s after HcsTerminateComputeSystem; look at its processes with hcsdiag");
    }

    /// <summary>Whether a task ends in time.</summary>
    public async Task<bool> WithinAsync(Task task, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static bool IsDone(HcsException error) => error.Error is HcsError.AlreadyStopped or HcsError.NotFound or HcsError.Pending or HcsError.Timeout;
}
