using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>StartContainer</c>. A container that cannot be started counts as exited, so that restart policies work.</summary>
internal sealed class StartContainer(ContainerActor container, EngineParts parts)
{
    /// <summary>The exit code of a container that could not be started; containerd's, which operators know.</summary>
    private const int StartFailedCode = 128;

    public async Task ExecuteAsync(OperationContext op)
    {
        var pod = container.Pod;
        parts.Traces.Add(pod.Id, op.Trace);
        await container.Turn.WaitAsync(op.Token);
        try
        {
            pod.RequireReady();
            await container.RepairAsync(); // of an earlier try, which could not be written down
            var entry = container.Entry;
            if (entry.State != ContainerState.Created)
            {
                throw RuntimeException.FailedPrecondition($"container {container.Id} is {entry.State}, not Created; only a created container can be started");
            }

            var startedAt = await StartAsync(op);
            await RecordAsync(startedAt);
            PodLog.ContainerStarted(parts.Logger, container.Id, entry.Request.Name, container.Handle?.ProcessId);
            await parts.Hooks.ContainerStartedAsync(pod.Entry.Spec, entry.Spec!, op.Token);
        }
        finally
        {
            container.Turn.Release();
        }
    }

    /// <summary>What runs is on record, or does not run: a process that nobody knows of could neither be watched nor stopped.</summary>
    private async Task RecordAsync(DateTimeOffset startedAt)
    {
        try
        {
            await container.RecordStartAsync(startedAt);
        }
        catch
        {
            await container.RequireHandle().KillAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task<DateTimeOffset> StartAsync(OperationContext op)
    {
        using var phase = op.Trace.Begin("start");
        try
        {
            return await container.RequireHandle().StartAsync(phase, op.Token);
        }
        catch (Exception e) when (e is RuntimeException or OperationCanceledException)
        {
            await container.RecordExitAsync(new ContainerExit(StartFailedCode, ExitReason.StartFailed, e.Message, parts.Clock.GetUtcNow()));
            throw;
        }
    }
}
