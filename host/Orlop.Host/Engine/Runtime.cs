using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Logs;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;
using Orlop.Host.Engine.Specs;
using Orlop.Host.Engine.State;

namespace Orlop.Host.Engine;

/// <summary>The engine's door: every operation on pods and containers, each joinable, with a deadline and a trace.</summary>
internal sealed class Runtime(EngineParts parts, OperationTable operations, LogTee logs) : IAsyncDisposable
{
    // The kubelet waits 240 s for a sandbox and 120 s for anything else.
    private static readonly Deadlines OfRun = new(Caller: TimeSpan.FromSeconds(230), Work: TimeSpan.FromMinutes(15));
    public static readonly Deadlines OfCall = new(Caller: TimeSpan.FromSeconds(115), Work: TimeSpan.FromMinutes(15));

    private readonly ConcurrentDictionary<string, PodActor> _pods = new(StringComparer.Ordinal);

    /// <summary>What readers see now; lock-free (R3).</summary>
    public RuntimeSnapshot Snapshot => parts.Book.Current;

    public EngineParts Parts => parts;

    /// <summary>The pods that live in this process.</summary>
    public IReadOnlyCollection<PodActor> Pods => [.. _pods.Values];

    /// <summary>Takes over a pod that recovery found again.</summary>
    public void Register(PodActor pod) => _pods[pod.Id] = pod;

    /// <summary>A pod is removed.</summary>
    public void Forget(PodActor pod) => _pods.TryRemove(pod.Id, out _);

    /// <summary>Makes a pod sandbox; a repeated request gets the one that it made before (R1).</summary>
    public async Task<string> RunSandboxAsync(SandboxRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Spec;
        if (spec.Name.Length == 0 || spec.Namespace.Length == 0 || spec.Uid.Length == 0)
        {
            throw RuntimeException.InvalidArgument($"pod sandbox \"{spec.Namespace}/{spec.Name}\": metadata needs name, namespace and uid (uid is \"{spec.Uid}\")");
        }

        var handler = parts.Handlers.Resolve(request.Handler);
        string name = $"{spec.Namespace}/{spec.Name} uid {spec.Uid} attempt {spec.Attempt}";
        string fingerprint = RequestFingerprint.Of(request);
        return await operations.RunAsync(new OperationKey("RunPodSandbox", name), fingerprint, OfRun, RunOrFindAsync, cancellationToken);

        async Task<string> RunOrFindAsync(OperationContext op)
        {
            var existing = Snapshot.Sandboxes.Values.FirstOrDefault(
                s => s.Spec.Name == spec.Name && s.Spec.Namespace == spec.Namespace && s.Spec.Uid == spec.Uid && s.Spec.Attempt == spec.Attempt);
            if (existing is { IsHalfMade: true } && _pods.TryGetValue(existing.Id, out var half))
            {
                // Nobody works on it: an earlier try failed and could not take it back, for example because the disk was full.
                await new RemoveSandbox(half, parts, Forget).ExecuteAsync(op);
                existing = null;
            }

            if (existing is null)
            {
                parts.Required.Demand($"pod sandbox {name}");
                return await new RunSandbox(request, fingerprint, handler, parts, Register, Forget).ExecuteAsync(op);
            }

            if (existing.State == SandboxState.Ready && existing.Fingerprint == fingerprint) return existing.Id;
            throw NameTaken($"pod sandbox {name}", existing.Id, existing.State.ToString());
        }
    }

    /// <summary>Stops a pod sandbox; no error when it does not exist.</summary>
    public Task StopSandboxAsync(string id, CancellationToken cancellationToken) =>
        OnSandboxAsync("StopPodSandbox", id, (pod, op) => new StopSandbox(pod, parts).ExecuteAsync(op), cancellationToken);

    /// <summary>Stops and removes a pod sandbox with its containers; no error when it does not exist.</summary>
    public Task RemoveSandboxAsync(string id, CancellationToken cancellationToken) =>
        OnSandboxAsync("RemovePodSandbox", id, (pod, op) => new RemoveSandbox(pod, parts, Forget).ExecuteAsync(op), cancellationToken);

    /// <summary>Takes note of a pod's new limits: the kubelet has written them into the pod's cgroup already.</summary>
    public async Task UpdateSandboxResourcesAsync(string id, SandboxResources resources, CancellationToken cancellationToken)
    {
        var pod = FindPod(id);
        await RunAsync(
            "UpdatePodSandboxResources", $"{pod.Id} to {RequestFingerprint.Of(resources)}",
            _ => pod.ChangeAsync(e => e with
            {
                Resources = new SandboxResources(resources.Overhead ?? e.Resources.Overhead, resources.Containers ?? e.Resources.Containers),
            }),
            cancellationToken);
    }

    /// <summary>Makes a container; a repeated request gets the one that it made before (R1).</summary>
    public async Task<string> CreateContainerAsync(string sandboxId, ContainerRequest request, CancellationToken cancellationToken)
    {
        var pod = FindPod(sandboxId);
        if (request.Name.Length == 0) throw RuntimeException.InvalidArgument($"pod sandbox {pod.Id}: the container's metadata has no name");
        string name = $"{request.Name} attempt {request.Attempt} in {pod.Id}";
        string fingerprint = RequestFingerprint.Of(request);
        return await operations.RunAsync(new OperationKey("CreateContainer", name), fingerprint, OfCall, CreateOrFindAsync, cancellationToken);

        async Task<string> CreateOrFindAsync(OperationContext op)
        {
            var existing = Snapshot.ContainersOf(pod.Id).FirstOrDefault(c => c.Request.Name == request.Name && c.Request.Attempt == request.Attempt);
            if (existing is { IsHalfMade: true } && pod.TryGetContainer(existing.Id, out var half))
            {
                await new RemoveContainer(half, parts).ExecuteAsync(op.Trace, op.Token); // as with a sandbox
                existing = null;
            }

            if (existing is null)
            {
                parts.Required.Demand($"container {name}");
                return await new CreateContainer(pod, request, fingerprint, parts).ExecuteAsync(op);
            }

            if (existing.State == ContainerState.Created && existing.Fingerprint == fingerprint) return existing.Id;
            throw NameTaken($"container {name}", existing.Id, existing.State.ToString());
        }
    }

    public async Task StartContainerAsync(string id, CancellationToken cancellationToken)
    {
        var container = FindContainer(id);
        await RunAsync("StartContainer", container.Id, op => new StartContainer(container, parts).ExecuteAsync(op), cancellationToken);
    }

    /// <summary>Stops a container; no error when it does not exist.</summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">How long it may take to end by itself; zero kills it now.</param>
    /// <param name="cancellationToken">The caller goes away.</param>
    public async Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (!TryFindContainer(id, out var container)) return;

        // Stops with different patience are different work: the shorter one must take effect (kubelet-contract).
        var key = new OperationKey("StopContainer", $"{container.Id} within {grace.TotalSeconds:0} s");
        await operations.RunAsync(
            key, "", new Deadlines(grace + OfCall.Caller, grace + OfCall.Work),
            async op =>
            {
                parts.Traces.Add(container.Pod.Id, op.Trace);
                await new StopContainer(container, grace, parts).ExecuteAsync(op.Trace, op.Token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Kills and removes a container; no error when it does not exist.</summary>
    public async Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        if (!TryFindContainer(id, out var container)) return;
        await RunAsync(
            "RemoveContainer", container.Id,
            async op =>
            {
                parts.Traces.Add(container.Pod.Id, op.Trace);
                await new RemoveContainer(container, parts).ExecuteAsync(op.Trace, op.Token);
            },
            cancellationToken);
    }

    /// <summary>Changes the limits of a container that is created or runs; all of them or none.</summary>
    public async Task UpdateResourcesAsync(string id, ContainerResources update, CancellationToken cancellationToken)
    {
        var container = FindContainer(id);

        // Different updates are different work: the second takes its turn after the first instead of joining it.
        await RunAsync(
            "UpdateContainerResources", $"{container.Id} to {RequestFingerprint.Of(update)}",
            async op =>
            {
                using var turn = op.Trace.Begin("update");
                await container.Turn.WaitAsync(op.Token);
                try
                {
                    var entry = container.Entry;
                    if (entry.State is not (ContainerState.Created or ContainerState.Running))
                    {
                        throw RuntimeException.FailedPrecondition($"container {container.Id} is {entry.State}; limits can change only while it is created or runs");
                    }

                    if (container.RequireHandle() is not IUpdateResources handle)
                    {
                        throw new RuntimeException(ErrorKind.Unimplemented, $"container {container.Id}: its backend cannot change limits; make a new container");
                    }

                    var merged = LinuxResources.Merge(entry.Resources, update);
                    await handle.UpdateResourcesAsync(LinuxResources.Limits(merged), op.Token);
                    try
                    {
                        await container.Pod.ChangeAsync(container.Id, e => e with { Resources = merged });
                    }
                    catch
                    {
                        await handle.UpdateResourcesAsync(LinuxResources.Limits(entry.Resources), CancellationToken.None); // all or nothing
                        throw;
                    }
                }
                finally
                {
                    container.Turn.Release();
                }
            },
            cancellationToken);
    }

    /// <summary>Runs a command in a running container. Ends with its caller: nobody else could have its output.</summary>
    public async Task<ExecResult> ExecAsync(string id, ExecSpec spec, CancellationToken cancellationToken)
    {
        var container = FindContainer(id);
        if (container.Entry.State != ContainerState.Running) throw RuntimeException.FailedPrecondition($"container {container.Id} is {container.Entry.State}; a command needs a running one");
        return await container.RequireHandle().ExecAsync(spec, cancellationToken);
    }

    /// <summary>Opens the log anew; straight to the supervisor, never behind another operation (R4).</summary>
    public async Task ReopenLogAsync(string id, CancellationToken cancellationToken)
    {
        var container = FindContainer(id);
        if (container.Entry.State != ContainerState.Running) throw RuntimeException.FailedPrecondition($"container {container.Id} is {container.Entry.State}; only a running one writes a log");
        await container.RequireHandle().ReopenLogAsync(cancellationToken);
        logs.Rotated(container.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await operations.DisposeAsync();
        foreach (var pod in _pods.Values) await pod.DisposeAsync();
    }

    private async Task OnSandboxAsync(string call, string id, Func<PodActor, OperationContext, Task> work, CancellationToken cancellationToken)
    {
        if (Snapshot.FindSandbox(id) is not { } entry || !_pods.TryGetValue(entry.Id, out var pod)) return;
        await RunAsync(call, pod.Id, op => work(pod, op), cancellationToken);
    }

    private Task RunAsync(string call, string id, Func<OperationContext, Task> work, CancellationToken cancellationToken) =>
        operations.RunAsync(
            new OperationKey(call, id), "", OfCall,
            async op =>
            {
                await work(op);
                return true;
            },
            cancellationToken);

    private PodActor FindPod(string id) =>
        Snapshot.FindSandbox(id) is { } entry && _pods.TryGetValue(entry.Id, out var pod) ? pod : throw RuntimeException.NotFound($"pod sandbox \"{id}\" does not exist");

    private ContainerActor FindContainer(string id) =>
        TryFindContainer(id, out var container) ? container : throw RuntimeException.NotFound($"container \"{id}\" does not exist");

    private bool TryFindContainer(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ContainerActor? container)
    {
        container = null;
        return Snapshot.FindContainer(id) is { } entry && _pods.TryGetValue(entry.SandboxId, out var pod) && pod.TryGetContainer(entry.Id, out container);
    }

    private static RuntimeException NameTaken(string name, string id, string state) =>
        new(ErrorKind.AlreadyExists, $"{name} exists already as {id} ({state}) and was asked for differently, or has been used; remove it or ask with the next attempt");
}
