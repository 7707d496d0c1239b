using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Containers;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

internal sealed partial class LinuxSandbox
{
    /// <summary>A container that an earlier host was starting runs or has failed within milliseconds, unless a mount of its hangs.</summary>
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(5);

    /// <summary>Finds a pod again after a restart of the host.</summary>
    public static async Task<(LinuxSandbox Sandbox, RecoveredSandbox Found)> RecoverAsync(SandboxRecord known, BackendParts parts, CancellationToken cancellationToken)
    {
        SandboxSpec spec = known.Spec;
        SandboxRecordFile? record = new StateFolder(StateFolder.PathOf(parts.PodsFolder, spec.Id)).ReadSandbox();
        var sandbox = new LinuxSandbox(spec, parts, record ?? SandboxRemains.Guess(parts, spec)) { _recorded = [.. known.Containers.Select(container => container.Id)] };

        // Before there is a connection: an end that is told while we still look must find its container.
        var containers = new List<LinuxContainer>();
        foreach (ContainerSpec container in known.Containers)
        {
            if (sandbox.Folder.ReadContainer(container.Id) is not { } found) continue; // its removal was cut off
            containers.Add(sandbox._containers[container.Id] = new LinuxContainer(sandbox, container, found.User, prepared: null));
        }

        string? lost = record is null
            ? await sandbox.LoseAsync("nothing of it is left on this node; it was restarted, or the sandbox was never finished", cancellationToken)
            : await sandbox.ReconnectAsync(cancellationToken);
        return (sandbox, new RecoveredSandbox
        {
            Id = spec.Id,
            Sandbox = sandbox,
            LostReason = sandbox._record.Stopped ? null : lost,
            Containers = [.. containers.Select(container => new RecoveredContainer(container, container.StartedAt))],
        });
    }

    /// <summary>Connects to the supervisor and takes up what it knows of the containers.</summary>
    /// <returns>Why the pod is lost or stopped; null when it lives.</returns>
    private async Task<string?> ReconnectAsync(CancellationToken cancellationToken)
    {
        if (_record.Stopped)
        {
            // All that was known to run has ended and is on record. What was just being started then is not; nor is an end for which there was no place.
            await SandboxRemains.KillAsync(Parts, _record, _recorded, cancellationToken);
            TakeUp(null, "its pod was stopped");
            return "it was stopped";
        }
        if (!SandboxRemains.SupervisorLives(_record)) return await LoseAsync($"its supervisor {SupervisorProcessId} is gone", cancellationToken);
        string reason;
        try
        {
            if (await ConnectAsync(cancellationToken)) return null;
            reason = "nobody listens at its socket";
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or ProtocolException or TimeoutException)
        {
            reason = e.Message;
        }
        return await LoseAsync($"its supervisor {SupervisorProcessId} does not answer: {reason}", cancellationToken);
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        SupervisorClient? client = await SupervisorClient.TryConnectAsync(Id, Folder.Socket, OnExit, cancellationToken).WaitAsync(AnswerDeadline, Parts.Time, cancellationToken);
        if (client is null) return false;
        try
        {
            Description description = await DescribeAsync(client, cancellationToken).WaitAsync(AnswerDeadline, Parts.Time, cancellationToken);
            Client = client;
            Describe(description.Processes.FirstOrDefault(process => process.Key == PodInit.Key)?.ProcessId ?? 0);
            TakeUp(description, null);
            return true;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
        finally
        {
            if (Client == client) _watching = WatchAsync(client);
        }
    }

    /// <summary>What the supervisor knows, once nothing starts any more: of a start nobody is told but who asked for it, and that host is gone.</summary>
    private async Task<Description> DescribeAsync(SupervisorClient client, CancellationToken cancellationToken)
    {
        long start = Parts.Time.GetTimestamp();
        while (true)
        {
            Description description = await client.DescribeAsync(cancellationToken);
            var starting = description.Processes.Where(process => process is { State: ProcessState.Starting, Kind: not ProcessKind.Exec }).ToList();
            if (starting.Count == 0) return description;
            if (Parts.Time.GetElapsedTime(start) > SettleDeadline)
                foreach (ProcessDescription process in starting) await client.RequestAsync(MessageKind.Kill, process.Key, cancellationToken);
            await Task.Delay(SettlePause, Parts.Time, cancellationToken);
        }
    }

    /// <summary>The pod is lost: nothing of it may run on, and what nobody saw end counts as ended.</summary>
    private async Task<string> LoseAsync(string reason, CancellationToken cancellationToken)
    {
        try
        {
            await SandboxRemains.KillAsync(Parts, _record, _recorded, cancellationToken);
        }
        catch (Exception e) when (e is SyscallException or RuntimeException)
        {
            SandboxLog.RecoveryFailed(Parts.Logger, Id, e.Message); // the stop tries again
        }
        TakeUp(null, reason);
        return reason;
    }

    private void TakeUp(Description? description, string? lost)
    {
        foreach (LinuxContainer container in _containers.Values)
        {
            if (Folder.ReadContainer(container.Id) is { StartFailure: not null } failed) container.AdoptStartFailure(failed);
            else if (description?.Processes.FirstOrDefault(process => process.Key == container.Id) is { } process) container.Adopt(process);
            else if (Folder.ReadExit(container.Id) is { } exit) container.Adopt(exit);
            else if (lost is not null) container.MarkLost($"nobody saw how it ended: {lost}");
        }
    }
}
