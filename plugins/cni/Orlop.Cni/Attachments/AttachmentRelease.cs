using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Lifecycle;
using Orlop.Cni.Execution;
using Orlop.Cni.Namespaces;

namespace Orlop.Cni.Attachments;

/// <summary>Takes an attachment down and settles its record: gone when every plugin confirmed, otherwise owed (R8, R9).</summary>
internal sealed class AttachmentRelease(
    AttachmentChain chain, AttachmentStore store, DebtSchedule debts, INetworkNamespaces namespaces, TimeProvider time, ILogger<AttachmentRelease> log)
{
    /// <param name="attachment">The attachment; its sandbox's turn at the gate is the caller's.</param>
    /// <param name="path">Where its namespace should be, or null when that is gone.</param>
    /// <param name="phase">The running phase.</param>
    /// <param name="cancellationToken">Stops the work, which is then owed.</param>
    public async Task<ReleaseOutcome> ReleaseAsync(Attachment attachment, string? path, IPhase phase, CancellationToken cancellationToken)
    {
        try
        {
            if (attachment.State == AttachmentState.Owed)
            {
                // A plugin that an earlier run of the daemon started may hang on; a DEL that it overtakes would be in vain.
                await ProcessFamily.KillAsync([ProcessFamily.OfSandbox(attachment.SandboxId)], time);
            }

            string networkNamespace = await FindNamespaceAsync(attachment, path, cancellationToken);
            IReadOnlyList<PluginException> failures = await chain.DeleteAsync(attachment, networkNamespace, phase, cancellationToken);
            if (failures.Count > 0)
            {
                await OweAsync(attachment, string.Join(" ", failures.Select(failure => failure.Message)));
                return new ReleaseOutcome(failures, networkNamespace.Length > 0);
            }
        }
        catch (OperationCanceledException)
        {
            await OweAsync(attachment, "the release was cancelled");
            throw;
        }

        await store.DeleteAsync(attachment.SandboxId, CancellationToken.None);
        debts.Forget(attachment.SandboxId);
        if (attachment.State == AttachmentState.Owed)
        {
            log.DebtPaid(attachment.Subject);
        }

        return ReleaseOutcome.Done;
    }

    /// <summary>The path, or nothing when it no longer leads to the namespace that was attached.</summary>
    private async Task<string> FindNamespaceAsync(Attachment attachment, string? path, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "";
        }

        string? identity = await namespaces.IdentifyAsync(path, cancellationToken);
        if (identity is not null && attachment.NamespaceIdentity is { } attached && identity != attached)
        {
            log.NamespaceReplaced(path, attachment.Subject);
            return "";
        }

        return identity is null ? "" : path;
    }

    private async Task OweAsync(Attachment attachment, string reason)
    {
        log.StillOwed(attachment.Subject, reason);
        await store.SaveAsync(attachment with { State = AttachmentState.Owed, Error = reason }, CancellationToken.None);
        debts.Postpone(attachment.SandboxId);
    }
}
