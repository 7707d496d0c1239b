using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>RemovePodSandbox</c>: stop it, remove its containers, release everything, forget it.</summary>
internal sealed class RemoveSandbox(PodActor pod, EngineParts parts, Action<PodActor> forget)
{
    public async Task ExecuteAsync(OperationContext op)
    {
        await new StopSandbox(pod, parts).ExecuteAsync(op);

        using (var phase = op.Trace.Begin("containers"))
        {
            foreach (var container in pod.Containers) await new RemoveContainer(container, parts).ExecuteAsync(phase, op.Token);
        }

        if (pod.Sandbox is { } sandbox)
        {
            using var phase = op.Trace.Begin("sandbox");
            await sandbox.RemoveAsync(phase, op.Token);
        }
        else if (parts.Handlers.Backend(pod.Entry.Backend) is null)
        {
            throw RuntimeException.Unavailable(
                $"pod sandbox {pod.Id} was made by backend \"{pod.Entry.Backend}\", which is not available; see `orlop plugins`, then remove it again");
        }

        await pod.DeleteAsync();
        forget(pod);
        await pod.DisposeAsync();
        pod.Publish(RuntimeEventKind.Deleted);
        parts.Traces.Forget(pod.Id);
        PodLog.SandboxRemoved(parts.Logger, pod.Id);
    }
}
