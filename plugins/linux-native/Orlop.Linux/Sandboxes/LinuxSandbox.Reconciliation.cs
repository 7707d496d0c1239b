using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

internal sealed partial class LinuxSandbox
{
    /// <summary>Compares a living pod with the node: its pin, its containers, what commands left in them. See <see cref="IExecutionBackend.ReconcileAsync"/>.</summary>
    public async Task ReconcileAsync(Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        if (_stopping || Client is not { } client || client.Closed.IsCompleted) return; // its watch sees to that
        if (Spec.Network == NamespaceMode.Pod) RepairPin();
        foreach (string id in Folder.Containers()) // listed first: what is made from here on is not seen
        {
            if (!isKnown(id)) await ReleaseContainerAsync(client, id, cancellationToken);
            else if (_containers.TryGetValue(id, out LinuxContainer? container)) Try($"container {id}", container.SweepScopes);
        }
    }

    /// <summary>A container whose creation or removal was cut off.</summary>
    private async Task ReleaseContainerAsync(SupervisorClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(client.RequestAsync(MessageKind.Kill, id, cancellationToken), cancellationToken);
            await new Cgroup(Parts.Cgroups, $"{_record.PodCgroup}/{id}").RemoveAsync(Parts.Time, cancellationToken);
            await AskAsync(client.RequestAsync(MessageKind.Forget, id, cancellationToken), cancellationToken);
            Folder.RemoveContainer(id);
            _containers.TryRemove(id, out _);
            SandboxLog.ContainerSwept(Parts.Logger, Id, id);
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or IOException)
        {
            SandboxLog.NotRepaired(Parts.Logger, Id, $"container {id}", e.Message); // the next call tries again
        }
    }

    private void RepairPin() => Try("network namespace", () =>
    {
        lock (_pinGate)
            if (NetworkPin.Repair(Id, SupervisorProcessId)) SandboxLog.PinRepaired(Parts.Logger, Id, NetworkPin.PathOf(Id));
    });

    private void Try(string what, Action repair)
    {
        try
        {
            repair();
        }
        catch (Exception e) when (e is SyscallException or IOException)
        {
            SandboxLog.NotRepaired(Parts.Logger, Id, what, e.Message); // the next call tries again
        }
    }
}
