using System.Text.Json;
using Orlop.Abstractions.Execution;
using Orlop.Windows.Compute;
using Orlop.Windows.Documents;

namespace Orlop.Windows.Backend;

/// <summary>Finds again, after a restart of the host, what belongs to its records, and releases at any time what belongs to none.</summary>
internal sealed class Recovery(BackendParts parts, Action<string> removed)
{
    public async Task<IReadOnlyList<RecoveredSandbox>> RunAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken)
    {
        var sandboxes = await parts.Records.SandboxesAsync(cancellationToken);
        var containers = await parts.Records.ContainersAsync(cancellationToken);
        return await Task.WhenAll(records.Select(r => RecoverAsync(r, sandboxes.GetValueOrDefault(r.Spec.Id), containers)));
    }

    /// <summary>Releases what is here and no record knows. Each kind is listed before anybody is asked: what is being made has a record by then.</summary>
    public async Task ReleaseUnknownAsync(Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        foreach (string id in await SystemsAsync()) if (!isKnown(id)) await ReleaseAsync("Compute system", id, () => EndAsync(id));
        foreach (var (id, state) in await parts.Records.ContainersAsync(cancellationToken)) if (!isKnown(id)) await ReleaseAsync("Container", id, () => ForgetAsync(id, state));
        foreach (var (id, state) in await parts.Records.SandboxesAsync(cancellationToken)) if (!isKnown(id)) await ReleaseAsync("Pod sandbox", id, () => ForgetAsync(id, state));
    }

    private async Task<RecoveredSandbox> RecoverAsync(SandboxRecord record, SandboxState? state, Dictionary<string, ContainerState> containers)
    {
        var sandbox = new WindowsSandbox(parts, record.Spec, state?.NetworkNamespace, removed);
        string? lost = await LostReasonAsync(record, state);
        var recovered = new List<RecoveredContainer>();
        foreach (var spec in record.Containers)
        {
            if (!containers.TryGetValue(spec.Id, out var known)) continue; // it never came to be
            try
            {
                var container = await WindowsContainer.RecoverAsync(parts, spec, known);
                sandbox.Add((WindowsContainer)container.Container);
                recovered.Add(container);
            }
            catch (Exception e)
            {
                parts.Logger.RecoveryFailed(record.Spec.Id, e); // one bad container never fails the others (R12)
                lost ??= $"container {spec.Name} could not be found again: {e.Message}";
            }
        }

        return new RecoveredSandbox { Id = record.Spec.Id, Sandbox = sandbox, LostReason = lost, Containers = recovered };
    }

    private async Task<string?> LostReasonAsync(SandboxRecord record, SandboxState? state)
    {
        if (state is null) return "windows-hcs has no record of it";
        try
        {
            return await parts.Network.NamespaceExistsAsync(state.NetworkNamespace) ? null : $"its network namespace {state.NetworkNamespace} is gone; did the node restart?";
        }
        catch (Exception e)
        {
            parts.Logger.RecoveryFailed(record.Spec.Id, e);
            return $"its network namespace {state.NetworkNamespace} cannot be asked for: {e.Message}";
        }
    }

    private async Task<IReadOnlyList<string>> SystemsAsync()
    {
        string query = JsonSerializer.Serialize(new SystemQuery([parts.Settings.Owner]), HcsJson.Default.SystemQuery);
        var systems = JsonSerializer.Deserialize(await parts.Compute.EnumerateSystemsAsync(query), HcsJson.Default.IReadOnlyListSystemProperties) ?? [];
        return [.. systems.Where(s => s.Owner == parts.Settings.Owner && s.Id is not null).Select(s => s.Id!)];
    }

    private async Task ReleaseAsync(string kind, string id, Func<Task> release)
    {
        try
        {
            await release();
            parts.Logger.OrphanEnded(kind, id);
        }
        catch (Exception e)
        {
            parts.Logger.OrphanStays(kind, id, e); // the next call tries again
        }
    }

    private async Task EndAsync(string id)
    {
        using var system = await TrackedSystem.TrackAsync(await parts.Compute.OpenSystemAsync(id));
        await parts.Stop.TerminateAsync(system, CancellationToken.None);
    }

    private async Task ForgetAsync(string id, ContainerState state)
    {
        await parts.Layers.UnmountAsync(state.Scratch);
        await parts.Records.DeleteContainerAsync(id);
    }

    private async Task ForgetAsync(string id, SandboxState state)
    {
        await parts.Network.DeleteNamespaceAsync(state.NetworkNamespace);
        await parts.Records.DeleteSandboxAsync(id);
    }
}
