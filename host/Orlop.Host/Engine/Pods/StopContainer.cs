using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>StopContainer</c>: ask, wait, kill. Each caller waits with its own patience, so that a shorter one takes effect.</summary>
internal sealed class StopContainer(ContainerActor container, TimeSpan grace, EngineParts parts)
{
    /// <summary>A killed process is gone within this time, unless the kernel holds it.</summary>
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(30);

    public async Task ExecuteAsync(IPhase phase, CancellationToken cancellationToken)
    {
        // A start that is under way is waited for; it is short.
        await container.Turn.WaitAsync(cancellationToken);
        container.Turn.Release();
        await container.RepairAsync(); // it may have ended, or run, and that could not be written down

        if (!parts.Book.Current.Containers.TryGetValue(container.Id, out var entry) || entry.State != ContainerState.Running) return;

        if (container.Handle is not { } handle)
        {
            if (parts.Handlers.Backend(container.Pod.Entry.Backend) is null) container.RequireHandle(); // it runs on, and nobody here can end it
            return; // its backend does not know it: the reconciler ends what may be left
        }

        if (grace > TimeSpan.Zero && await EndsByItselfAsync(handle, phase, cancellationToken)) return;

        using var killing = phase.Begin("kill");
        await handle.KillAsync(cancellationToken);
        try
        {
            await container.Ended.WaitAsync(KillDeadline, parts.Clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new RuntimeException(
                ErrorKind.DeadlineExceeded,
                $"container {container.Id}: pid {handle.ProcessId} still exists {KillDeadline.TotalSeconds:0} s after SIGKILL; the kernel holds it, see /proc/{handle.ProcessId}/stack",
                e);
        }
    }

    private async Task<bool> EndsByItselfAsync(IContainer handle, IPhase phase, CancellationToken cancellationToken)
    {
        string signal = container.Entry.StopSignal;
        using var waiting = phase.Begin($"wait for {signal}");
        if (!container.StopSignalSent)
        {
            container.StopSignalSent = true;
            try
            {
                await handle.SignalAsync(signal, cancellationToken);
            }
            catch
            {
                container.StopSignalSent = false;
                throw;
            }
        }

        try
        {
            await container.Ended.WaitAsync(grace, parts.Clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
