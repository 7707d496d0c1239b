using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Records;

namespace Orlop.Cni.Attachments;

/// <summary>Keeps attachments in the record store. A record that cannot be read is put aside, and costs one pod at most (R12).</summary>
internal sealed class AttachmentStore(IRecordStore records, ILogger<AttachmentStore> log)
{
    private const string Prefix = "attachment/";
    private const string QuarantinePrefix = "quarantine/attachment/";

    public async Task<AttachmentLookup> FindAsync(string sandboxId, CancellationToken cancellationToken)
    {
        byte[]? value = await records.GetAsync(Prefix + sandboxId, cancellationToken);
        if (value is null)
        {
            return AttachmentLookup.Nothing;
        }

        return TryRead(sandboxId, value, out string error) is { } attachment
            ? new AttachmentLookup(attachment, IsCorrupt: false)
            : await QuarantineAsync(sandboxId, value, error, cancellationToken);
    }

    /// <summary>All attachments that can be read; the others are put aside.</summary>
    public async Task<IReadOnlyList<Attachment>> ListAsync(CancellationToken cancellationToken)
    {
        var attachments = new List<Attachment>();
        foreach (Record record in await records.ListAsync(Prefix, cancellationToken))
        {
            string sandboxId = record.Key[Prefix.Length..];
            if (TryRead(sandboxId, record.Value, out string error) is { } attachment)
            {
                attachments.Add(attachment);
            }
            else
            {
                await QuarantineAsync(sandboxId, record.Value, error, cancellationToken);
            }
        }

        return attachments;
    }

    public async Task SaveAsync(Attachment attachment, CancellationToken cancellationToken) => await CommitAsync(
        new RecordChanges().Put(Prefix + attachment.SandboxId, JsonSerializer.SerializeToUtf8Bytes(attachment, AttachmentJson.Default.Attachment)), cancellationToken);

    public async Task DeleteAsync(string sandboxId, CancellationToken cancellationToken) =>
        await CommitAsync(new RecordChanges().Delete(Prefix + sandboxId), cancellationToken);

    // Leases and rules of plugins do not survive a power cut better than this does.
    private ValueTask CommitAsync(RecordChanges changes, CancellationToken cancellationToken) => records.CommitAsync(changes, Durability.Process, cancellationToken);

    private static Attachment? TryRead(string sandboxId, byte[] value, out string error)
    {
        try
        {
            Attachment? attachment = JsonSerializer.Deserialize(value, AttachmentJson.Default.Attachment);
            error = attachment?.SandboxId == sandboxId ? "" : $"it is of sandbox '{attachment?.SandboxId}'";
            return error.Length == 0 ? attachment : null;
        }
        catch (JsonException e)
        {
            error = e.Message;
            return null;
        }
    }

    private async Task<AttachmentLookup> QuarantineAsync(string sandboxId, byte[] value, string error, CancellationToken cancellationToken)
    {
        log.RecordQuarantined(sandboxId, QuarantinePrefix + sandboxId, error);
        await CommitAsync(new RecordChanges().Put(QuarantinePrefix + sandboxId, value).Delete(Prefix + sandboxId), cancellationToken);
        return new AttachmentLookup(null, IsCorrupt: true);
    }
}
