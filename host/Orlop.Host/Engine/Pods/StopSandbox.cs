using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>StopPodSandbox</c>: end its containers, give back its addresses, end the sandbox. Its record stays until it is removed.</summary>
internal sealed class StopSandbox(PodActor pod, EngineParts parts)
{
    public async Task ExecuteAsync(OperationContext op)
    {
        parts.Traces.Add(pod.Id, op.Trace);
        await pod.RefuseContainersAsync();

        using (var phase = op.Trace.Begin("containers"))
        {
            await Task.WhenAll(pod.Containers.Select(c => new StopContainer(c, TimeSpan.Zero, parts).ExecuteAsync(phase, op.Token)));
        }

        var entry = pod.Entry;
        if (entry.State == SandboxState.Ready)
        {
            using (op.Trace.Begin("hooks")) await parts.Hooks.SandboxStoppingAsync(entry.Spec, op.Token);

            // Not ready before anything is taken away: from here on the kubelet makes a new one. One that is taken back half
            // made stays so: should this be cut off, nobody has its id, and the next try must not find its name taken.
            await pod.ChangeAsync(e => e with { State = SandboxState.NotReady });
            pod.Publish(RuntimeEventKind.Stopped);
        }
        else if (entry.Unreachable)
        {
            await pod.ChangeAsync(e => e with { Unreachable = false }); // stopped: it is not to come back with its backend
        }

        if (entry.Attached)
        {
            using var phase = op.Trace.Begin("network");
            await parts.Network.DetachAsync(pod.Id, pod.Sandbox?.NetworkNamespace, phase, op.Token);
            await pod.ChangeAsync(e => e with { Attached = false, Addresses = [] });
        }

        if (pod.Sandbox is { } sandbox)
        {
            using var phase = op.Trace.Begin("sandbox");
            await sandbox.StopAsync(phase, op.Token);
        }

        if (pod.IsStopped) return;
        pod.IsStopped = true;
        PodLog.SandboxStopped(parts.Logger, pod.Id);
    }
}
