using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Records;
using Orlop.Cni.Configuration;

namespace Orlop.Cni.Attachments;

/// <summary>Keeps attachments in the record store. A record that cannot be read is put aside, and costs one pod at most (R12).</summary>
internal sealed class AttachmentStore(IRecordStore records, ILogger<AttachmentStore> log)
{
    private const string Prefix = "attachment/";
    private const string CollectionKey = "collection";
    private const string QuarantinePrefix = "quarantine/attachment/";

    public async Task<AttachmentLookup> FindAsync(string sandboxId, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(Prefix + sandboxId, cancellationToken) is not { } value)
        {
            byte[]? corrupt = await records.GetAsync(QuarantinePrefix + sandboxId, cancellationToken);
            return corrupt is null ? AttachmentLookup.Nothing : AttachmentLookup.Corrupt;
        }

        if (TryRead(sandboxId, value, out string error) is { } attachment)
        {
            return new AttachmentLookup(attachment, IsCorrupt: false);
        }

        await QuarantineAsync(sandboxId, value, error, cancellationToken);
        return AttachmentLookup.Corrupt;
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

    /// <summary>Forgets a sandbox, in quarantine too.</summary>
    public async Task DeleteAsync(string sandboxId, CancellationToken cancellationToken) =>
        await CommitAsync(new RecordChanges().Delete(Prefix + sandboxId).Delete(QuarantinePrefix + sandboxId), cancellationToken);

    /// <summary>Written before the first plugin collects: one that outlives the daemon knows nothing of later attachments and would take them away.</summary>
    /// <param name="id">The collection's; its plugins have it in their environment.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task BeginCollectionAsync(string id, CancellationToken cancellationToken) =>
        await CommitAsync(new RecordChanges().Put(CollectionKey, Encoding.UTF8.GetBytes(id)), cancellationToken);

    public async Task EndCollectionAsync() => await CommitAsync(new RecordChanges().Delete(CollectionKey), CancellationToken.None);

    /// <summary>The id of the collection that was running when the daemon ended; null when none was.</summary>
    public async Task<string?> FindCollectionAsync(CancellationToken cancellationToken) =>
        await records.GetAsync(CollectionKey, cancellationToken) is { } id ? Encoding.UTF8.GetString(id) : null;

    // Leases and rules of plugins do not survive a power cut better than this does.
    private ValueTask CommitAsync(RecordChanges changes, CancellationToken cancellationToken) => records.CommitAsync(changes, Durability.Process, cancellationToken);

    private static Attachment? TryRead(string sandboxId, byte[] value, out string error)
    {
        try
        {
            Attachment? attachment = JsonSerializer.Deserialize(value, AttachmentJson.Default.Attachment);
            error = Validate(attachment, sandboxId);
            return error.Length == 0 ? attachment : null;
        }
        catch (Exception e) when (e is JsonException or InvalidConfigurationException)
        {
            error = e.Message;
            return null;
        }
    }

    /// <exception cref="InvalidConfigurationException">The configuration in it cannot be read.</exception>
    private static string Validate(Attachment? attachment, string sandboxId)
    {
        if (attachment?.SandboxId != sandboxId)
        {
            return $"it is of sandbox '{attachment?.SandboxId}'";
        }

        NetworkConfigurationReader.Read(attachment.Configuration, attachment.ConfigurationFile);
        return !CniVersion.IsReleased(attachment.CniVersion) ? $"its CNI version is '{attachment.CniVersion}'"
            : attachment.CapabilityArguments.ValueKind != JsonValueKind.Object ? "its capability arguments are no object"
            : "";
    }

    private async Task QuarantineAsync(string sandboxId, byte[] value, string error, CancellationToken cancellationToken)
    {
        log.RecordQuarantined(sandboxId, QuarantinePrefix + sandboxId, error);
        await CommitAsync(new RecordChanges().Put(QuarantinePrefix + sandboxId, value).Delete(Prefix + sandboxId), cancellationToken);
    }
}
