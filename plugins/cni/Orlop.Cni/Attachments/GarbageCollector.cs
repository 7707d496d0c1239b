using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Cni.Configuration;
using Orlop.Cni.Execution;

namespace Orlop.Cni.Attachments;

/// <summary>Releases what belongs to no living sandbox: by DEL where there is a record, and by GC where plugins know it (since 1.1.0).</summary>
internal sealed class GarbageCollector(
    AttachmentStore store, AttachmentRelease release, DebtSchedule debts, OperationGate gate, PluginCaller caller, CniSettings settings,
    TimeProvider time, ILogger<GarbageCollector> log)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // No pod starts while a plugin collects.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(20);

    // A debt that plugins could not collect is rarely one that they can a minute later.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(10);

    private (string Network, DateTimeOffset At)? _last; // the last collection; one caller at a time

    /// <summary>DEL for each record of a sandbox that does not live; what fails is owed. What is owed already has its own schedule.</summary>
    public async Task ReleaseStaleAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken)
    {
        // The records first, then the question: what is attached meanwhile lives. A sandbox with an operation right now is that operation's.
        var stale = (await store.ListAsync(cancellationToken))
            .Where(attachment => attachment.State != AttachmentState.Owed && !gate.IsBusy(attachment.SandboxId) && !isLiving(attachment.SandboxId))
            .ToList();
        foreach (Attachment listed in stale)
        {
            using IDisposable turn = await gate.EnterAsync(listed.SandboxId, cancellationToken);
            if ((await store.FindAsync(listed.SandboxId, cancellationToken)).Attachment is { } attachment && attachment.State == listed.State)
            {
                await release.ReleaseAsync(attachment, attachment.NetworkNamespace, phase, cancellationToken);
            }
        }
    }

    /// <summary>Whether a GC may find something: after the start of the daemon, which may have missed anything, and now and then while something is owed.</summary>
    public async Task<bool> IsDueAsync(string network, CancellationToken cancellationToken)
    {
        if (_last is not { } last || last.Network != network)
        {
            return true;
        }

        return time.GetUtcNow() - last.At >= s_pause && (await store.ListAsync(cancellationToken)).Any(attachment => attachment.State == AttachmentState.Owed);
    }

    /// <summary>GC of a network, unless its configuration or its version rules that out.</summary>
    /// <exception cref="RuntimeException">Plugins failed; the message names each.</exception>
    public async Task CollectAsync(NetworkConfiguration network, string version, IPhase phase, CancellationToken cancellationToken)
    {
        if (network.DisableGarbageCollection || !CniVersion.HasStatusAndGarbageCollection(version))
        {
            return;
        }

        using var impatient = new CancellationTokenSource(s_patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(impatient.Token, cancellationToken);
        using IDisposable? collection = await gate.TryEnterCollectionAsync(patience.Token);
        if (collection is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.CollectionPostponed(network.Name);
            return;
        }

        _last = (network.Name, time.GetUtcNow());
        var attachments = (await store.ListAsync(cancellationToken)).Where(attachment => attachment.Network == network.Name).ToList();
        var valid = attachments
            .Where(attachment => attachment.State != AttachmentState.Owed)
            .Select(attachment => (attachment.SandboxId, attachment.InterfaceName))
            .ToList();

        var failures = new List<PluginException>();
        string id = Guid.NewGuid().ToString("N");
        await store.BeginCollectionAsync(id, cancellationToken);
        try
        {
            foreach (PluginConfiguration plugin in network.Plugins)
            {
                try
                {
                    await caller.CallAsync(Call(id, network, version, plugin, valid), phase, cancellationToken);
                }
                catch (PluginException e)
                {
                    failures.Add(e);
                }
            }
        }
        finally
        {
            await store.EndCollectionAsync();
        }

        if (failures.Count > 0)
        {
            throw new RuntimeException(failures[0].Kind, string.Join(" ", failures.Select(failure => failure.Message)), failures[0]);
        }

        await ForgiveAsync(network, attachments.Where(attachment => attachment.State == AttachmentState.Owed), cancellationToken);
    }

    /// <summary>What plugins have collected is no longer owed (R8), provided that no other plugin had a part in it.</summary>
    private async Task ForgiveAsync(NetworkConfiguration network, IEnumerable<Attachment> owed, CancellationToken cancellationToken)
    {
        var collectors = network.Plugins.Select(plugin => plugin.Type).ToHashSet(StringComparer.Ordinal);
        foreach (Attachment attachment in owed)
        {
            NetworkConfiguration attached = NetworkConfigurationReader.Read(attachment.Configuration, attachment.ConfigurationFile);
            if (attached.Plugins.All(plugin => collectors.Contains(plugin.Type)))
            {
                await store.DeleteAsync(attachment.SandboxId, cancellationToken);
                debts.Forget(attachment.SandboxId);
                log.DebtPaid(attachment.Subject);
            }
        }
    }

    private PluginCall Call(string id, NetworkConfiguration network, string version, PluginConfiguration plugin, IReadOnlyList<(string, string)> valid) => new()
    {
        Command = CniCommand.Gc,
        Plugin = plugin.Type,
        Input = RequestConfiguration.ForGarbageCollection(network.Name, version, plugin, valid),
        Subject = $"network {network.Name}",
        Collection = id,
        Timeout = settings.Timeout < s_longestCall ? settings.Timeout : s_longestCall,
    };
}
