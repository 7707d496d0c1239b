using Microsoft.Extensions.Logging;
using Orlop.Cni.Execution;

namespace Orlop.Cni.Attachments;

/// <summary>Releases in the background what could not be released when it should have been.</summary>
internal sealed class DebtCollector(
    AttachmentStore store, AttachmentRelease release, DebtSchedule debts, OperationGate gate, TimeProvider time, ILogger<DebtCollector> log)
{
    /// <summary>Finds what an earlier run of the daemon owes: also every ADD that never returned, for no one knows of that.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Attachment> left = await store.ListAsync(cancellationToken);
        var halfDone = left.Where(attachment => attachment.State == AttachmentState.Intended).ToList();

        // Plugins of an earlier run may still be running: an ADD that a DEL should not overtake, a DEL that nobody waits for any more,
        // a GC that knows nothing of what is attached from now on.
        string? collection = await store.FindCollectionAsync(cancellationToken);
        IEnumerable<string> families = left.Select(attachment => ProcessFamily.OfSandbox(attachment.SandboxId));
        int killed = await ProcessFamily.KillAsync([.. collection is null ? families : families.Append(ProcessFamily.OfCollection(collection))], time);
        if (killed > 0)
        {
            log.OrphansKilled(killed);
        }

        if (collection is not null)
        {
            await store.EndCollectionAsync();
        }

        foreach (Attachment attachment in halfDone)
        {
            await store.SaveAsync(attachment with { State = AttachmentState.Owed, Error = "the daemon ended while it was being attached" }, cancellationToken);
        }

        foreach (Attachment attachment in left.Where(attachment => attachment.State != AttachmentState.Attached))
        {
            debts.Resume(attachment.SandboxId);
        }
    }

    /// <summary>Pays debts as they come due, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (string sandboxId in await debts.WaitAsync(cancellationToken))
            {
                try
                {
                    await CollectAsync(sandboxId, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    log.DebtCollectionFailed(sandboxId, e);
                    debts.Postpone(sandboxId);
                }
            }
        }
    }

    private async Task CollectAsync(string sandboxId, CancellationToken cancellationToken)
    {
        using IDisposable turn = await gate.EnterAsync(sandboxId, cancellationToken);
        if ((await store.FindAsync(sandboxId, cancellationToken)).Attachment is not { State: AttachmentState.Owed } attachment)
        {
            debts.Forget(sandboxId);
            return;
        }

        await release.ReleaseAsync(attachment, attachment.NetworkNamespace, QuietPhase.Instance, cancellationToken);
    }
}
