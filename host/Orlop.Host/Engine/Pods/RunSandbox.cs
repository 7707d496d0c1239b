using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>RunPodSandbox</c>: record, hooks, sandbox, network, ready.</summary>
internal sealed class RunSandbox(
    SandboxRequest request, string fingerprint, Handler handler, EngineParts parts, Action<PodActor> register, Action<PodActor> forget)
{
    public async Task<string> ExecuteAsync(OperationContext op)
    {
        string id = Identifiers.New();
        var undo = new UndoStack(op.Trace, parts.Logger, parts.Clock);
        var pod = new PodActor(id, parts);
        var spec = request.Spec with { Id = id };
        await parts.Book.PutAsync(NewEntry(spec)); // the parent exists before any child process (R6)
        register(pod);
        parts.Traces.Add(id, op.Trace);
        try
        {
            spec = await parts.Hooks.SandboxCreatingAsync(spec, op);
            var sandbox = await CreateAsync(spec, op);
            pod.Adopt(sandbox);
            undo.Push("sandbox", sandbox.RemoveAsync);

            var addresses = spec.Network == NamespaceMode.Pod ? await AttachAsync(pod, spec, sandbox, op, undo) : [];

            await op.ClaimAsync();
            var entry = await pod.ChangeAsync(e => e with { Spec = spec, State = SandboxState.Ready, Addresses = addresses });
            pod.Publish(RuntimeEventKind.Created);
            pod.Publish(RuntimeEventKind.Started);
            pod.Watch(); // its loss is told after that
            PodLog.SandboxReady(parts.Logger, spec.Namespace, spec.Name, id, string.Join(", ", entry.Addresses));
            return id;
        }
        catch
        {
            await UndoAsync(pod, undo);
            throw;
        }
    }

    private SandboxEntry NewEntry(SandboxSpec spec) => new()
    {
        Spec = spec,
        Handler = request.Handler,
        Backend = handler.Backend.Name,
        LogDirectory = request.LogDirectory,
        PortMappings = request.PortMappings,
        Resources = request.Resources,
        Fingerprint = fingerprint,
        State = SandboxState.Creating,
        CreatedAt = parts.CreationClock.Next(),
    };

    private async Task<ISandbox> CreateAsync(SandboxSpec spec, OperationContext op)
    {
        using var phase = op.Trace.Begin("sandbox");
        return await handler.Backend.CreateSandboxAsync(spec, phase, op.Token);
    }

    private async Task<IReadOnlyList<string>> AttachAsync(PodActor pod, SandboxSpec spec, ISandbox sandbox, OperationContext op, UndoStack undo)
    {
        using var phase = op.Trace.Begin("network");
        await pod.ChangeAsync(e => e with { Attached = true });
        undo.Push("network", (p, token) => parts.Network.DetachAsync(spec.Id, sandbox.NetworkNamespace, p, token)); // also when ADD fails half-way (R8)
        var result = await parts.Network.AttachAsync(
            new PodNetworkRequest
            {
                SandboxId = spec.Id,
                PodName = spec.Name,
                PodNamespace = spec.Namespace,
                PodUid = spec.Uid,
                NetworkNamespace = sandbox.NetworkNamespace ?? throw new InvalidOperationException($"{handler.Backend.Name} made no network namespace for {spec.Id}."),
                PortMappings = request.PortMappings,
                Dns = spec.Dns,
                Annotations = spec.Annotations,
            },
            phase,
            op.Token);
        return [.. result.Addresses.Select(a => a.ToString())];
    }

    /// <summary>Leaves nothing, or where something cannot be taken back a record that RemovePodSandbox can clean.</summary>
    private async Task UndoAsync(PodActor pod, UndoStack undo)
    {
        bool clean = await undo.RunAsync();
        if (clean)
        {
            undo.Push("record", (_, _) => pod.DeleteAsync());
            clean = await undo.RunAsync();
        }

        if (clean)
        {
            forget(pod);
            await pod.DisposeAsync();
            parts.Traces.Forget(pod.Id);
        }
        else
        {
            pod.IsAbandoned = true;
            undo.Push("record", (_, _) => pod.RepairAsync());
            await undo.RunAsync(); // where that fails too, the reconciler tries again
        }
    }
}
