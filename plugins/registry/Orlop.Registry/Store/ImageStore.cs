using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci;
using Orlop.Abstractions.Oci.Images;
using Orlop.Abstractions.Records;
using Orlop.Registry.Content;
using Orlop.Registry.Http;
using Orlop.Snapshots;

namespace Orlop.Registry.Store;

/// <summary>The images that are here: their records, and an index of them that is exchanged as a whole.</summary>
internal sealed class ImageStore(
    IRecordStore records, ContentStore content, IReadOnlyList<DirectorySnapshotter> snapshotters, PullLedger pulls, PinnedImages pinned, StoreGate gate, RegistryLimits limits, ILogger<ImageStore> logger)
{
    private const string Prefix = "image/";

    private volatile ImageIndex _index = new([]);

    public ImageIndex Index => _index;

    public IEnumerable<ImageRecord> Records => _index.ById.Values.Select(i => i.Record);

    /// <summary>
    /// Reads all records. Called once, after everything else is recovered. An image that misses something is no image any more:
    /// what is left of it is kept for the next pull, as it is for a pull that was cut off (R13).
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var whole = new List<StoredImage>();
        foreach (var (key, value) in await records.ListAsync(Prefix, cancellationToken))
        {
            try
            {
                var record = JsonSerializer.Deserialize(value, StoreJson.Default.ImageRecord) ?? throw new JsonException("null");
                if (await TryReadAsync(record, cancellationToken) is { } image)
                    whole.Add(image);
                else
                    await pulls.KeepAsync(record, new RecordChanges().Delete(key), cancellationToken);
            }
            catch (JsonException e)
            {
                logger.RecordUnreadable(key, e);
                await records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
            }
        }

        _index = new ImageIndex(whole);
    }

    /// <summary>The configuration of an image whose blob is here.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> when it is none.</exception>
    public async Task<ImageConfiguration> ReadConfigurationAsync(string id, CancellationToken cancellationToken)
    {
        byte[] bytes = await content.ReadAsync(id, limits.ConfigurationSize, cancellationToken);
        try
        {
            var configuration = JsonSerializer.Deserialize(bytes, OciJson.Default.ImageConfiguration) ?? throw new JsonException("null");
            var process = configuration.Config;
            string?[] texts = [.. process?.Env ?? [], .. process?.Entrypoint ?? [], .. process?.Cmd ?? [], .. process?.Labels?.Values ?? [], .. configuration.Rootfs?.DiffIds ?? []];
            return texts.Contains(null) ? throw new JsonException("a list holds null where it needs a text") : configuration;
        }
        catch (JsonException e)
        {
            throw RuntimeException.InvalidArgument($"the configuration {id} is unreadable: {e.Message}");
        }
    }

    /// <summary>Adds an image, or further names of one; a tag leaves the image that had it.</summary>
    public async Task<Image> CommitAsync(ImageRecord pulled, ImageConfiguration configuration, CancellationToken cancellationToken)
    {
        using var held = await gate.EnterAsync(cancellationToken);
        var changes = new RecordChanges();
        var images = _index.ById.Values.ToDictionary(i => i.Image.Id, StringComparer.Ordinal);
        foreach (var other in Records.Where(r => r.Id != pulled.Id && r.Tags.Intersect(pulled.Tags, StringComparer.Ordinal).Any()).ToList())
        {
            var left = other with { Tags = [.. other.Tags.Except(pulled.Tags, StringComparer.Ordinal)] };
            changes.Put(Prefix + left.Id, Serialize(left));
            images[left.Id] = new StoredImage(left, images[left.Id].Image with { RepoTags = left.Tags, Pinned = pinned.Match(left.Tags.Concat(left.Digests)) });
        }

        var before = images.GetValueOrDefault(pulled.Id)?.Record;
        var record = pulled with
        {
            Tags = [.. (before?.Tags ?? []).Union(pulled.Tags, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Digests = [.. pulled.Digests.Union(before?.Digests ?? [], StringComparer.Ordinal)],
        };
        changes.Put(Prefix + record.Id, Serialize(record));
        await records.CommitAsync(changes, Durability.Power, CancellationToken.None);
        images[record.Id] = new StoredImage(record, ToImage(record, configuration));
        _index = new ImageIndex(images.Values);
        return images[record.Id].Image;
    }

    /// <summary>Forgets an image under all its names. False when there is none.</summary>
    public async Task<bool> RemoveAsync(string reference, CancellationToken cancellationToken)
    {
        using var held = await gate.EnterAsync(cancellationToken);
        if (_index.Find(reference) is not { } found)
            return false;

        // Durable before any content goes: a record must not come back without it.
        await pulls.ForgetAsync(found.Record, new RecordChanges().Delete(Prefix + found.Image.Id));
        _index = new ImageIndex(_index.ById.Values.Where(i => i.Image.Id != found.Image.Id));
        logger.ImageRemoved(found.Image.Id);
        return true;
    }

    private async Task<StoredImage?> TryReadAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        string? missing = WhatIsMissing(record);
        try
        {
            if (missing is null)
                return new StoredImage(record, ToImage(record, await ReadConfigurationAsync(record.Id, cancellationToken)));
        }
        catch (Exception e) when (e is RuntimeException or IOException or UnauthorizedAccessException)
        {
            missing = e.Message;
        }

        logger.ImageIncomplete(record.Id, string.Join(", ", record.Tags.Concat(record.Digests)), missing);
        return null;
    }

    // A layer is here as a blob, or unpacked; everything else must be here as a blob.
    private string? WhatIsMissing(ImageRecord record)
    {
        if (record.Indexes.Prepend(record.Manifest).Prepend(record.Id).FirstOrDefault(blob => content.Find(blob) is null) is { } blob)
            return $"blob {blob} is gone";
        var chains = record.Chains();
        for (int i = 0; i < chains.Count; i++)
        {
            var layer = record.Layers[i];
            bool isHere = content.Find(layer.Digest) == layer.Size || snapshotters.Any(s => s.HasLayer(chains[i]));
            if (!isHere)
                return $"layer {layer.Digest} is gone";
        }

        return null;
    }

    private Image ToImage(ImageRecord record, ImageConfiguration configuration)
    {
        var chains = record.Chains();
        return new Image
        {
            Id = record.Id,
            RepoTags = record.Tags,
            RepoDigests = record.Digests,
            Size = record.Size,
            DiffIds = [.. record.Layers.Select(l => l.DiffId)],
            ChainId = chains.Count == 0 ? null : chains[^1],
            Configuration = configuration,
            Pinned = pinned.Match(record.Tags.Concat(record.Digests)),
            PulledAt = record.PulledAt,
        };
    }

    private static byte[] Serialize(ImageRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, StoreJson.Default.ImageRecord);
}
