using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orlop.Abstractions.Records;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Store;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

internal abstract partial class DirectorySnapshotter
{
    private const string ContentFolder = "fs";
    private const string NewSuffix = ".new";

    private string LayersFolder => Path.Combine(Folder, "layers");

    private string SnapshotsFolder => Path.Combine(Folder, "snapshots");

    private string TrashFolder => Path.Combine(Folder, "trash");

    private string RecordPrefix => $"snapshotter/{Name}/";

    /// <summary>
    /// Finds again what is here: a folder without a record is half done and is removed, a record without its folder is
    /// dropped, so that the layer is pulled again (R11, R12). Called once, before anything else.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (string folder in (string[])[Folder, LayersFolder, SnapshotsFolder, TrashFolder])
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var state = SnapshotState.Empty;
        var dropped = new RecordChanges();
        foreach (var (chainId, record) in await ReadAsync(LayerKey(""), SnapshotJson.Default.LayerRecord, dropped, cancellationToken))
        {
            if (Directory.Exists(LayerFolder(record)))
            {
                state = state with { Layers = state.Layers.Add(chainId, record) };
                continue;
            }

            _logger.LayerFolderMissing(Name, chainId);
            dropped.Delete(LayerKey(chainId));
        }

        foreach (var (key, record) in await ReadAsync(SnapshotKey(""), SnapshotJson.Default.SnapshotRecord, dropped, cancellationToken))
        {
            if (Directory.Exists(SnapshotFolder(record)))
            {
                state = state with { Snapshots = state.Snapshots.Add(key, record) };
                if (WritableFolder(SnapshotFolder(record), record.ReadOnly) is { } writable)
                    _meter.Add(key, writable, known: null);
                continue;
            }

            _logger.SnapshotFolderMissing(Name, key);
            dropped.Delete(SnapshotKey(key));
        }

        if (dropped.Changes.Count > 0)
            await _records.CommitAsync(dropped, Durability.Process, cancellationToken);
        _state = state;
        await RemoveLeftoversAsync(state, cancellationToken);

        // A leftover that cannot be removed keeps its number: no new layer may be unpacked on top of what is in it.
        foreach (string folder in Directory.GetDirectories(LayersFolder))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(folder), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                _lastNumber = Math.Max(_lastNumber, number);
        }
    }

    private async Task<List<(string Key, T Record)>> ReadAsync<T>(string prefix, JsonTypeInfo<T> type, RecordChanges dropped, CancellationToken cancellationToken)
        where T : class
    {
        var records = new List<(string, T)>();
        foreach (var (key, value) in await _records.ListAsync(prefix, cancellationToken))
        {
            try
            {
                records.Add((key[prefix.Length..], JsonSerializer.Deserialize(value, type) ?? throw new JsonException("null")));
            }
            catch (JsonException e)
            {
                _logger.RecordUnreadable(Name, key, e);
                dropped.Delete(key);
            }
        }

        return records;
    }

    private async Task RemoveLeftoversAsync(SnapshotState state, CancellationToken cancellationToken)
    {
        var kept = state.Layers.Values.Select(l => LayerRoot(l.Number))
            .Concat(state.Snapshots.Values.Select(SnapshotFolder))
            .ToHashSet(StringComparer.Ordinal);
        foreach (string folder in Directory.GetDirectories(LayersFolder).Concat(Directory.GetDirectories(SnapshotsFolder)).Concat(Directory.GetDirectories(TrashFolder)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (kept.Contains(folder))
                continue;
            await DiscardAsync(folder);
            _logger.LeftoverRemoved(Name, folder);
        }
    }

    // Out of sight at once, then removed. What cannot be removed (an immutable file) is left for the next start.
    private async Task DiscardAsync(string folder)
    {
        string trash = Path.Combine(TrashFolder, Guid.NewGuid().ToString("n"));
        try
        {
            await Task.Run(() =>
            {
                if (!Directory.Exists(folder))
                    return;
                Directory.Move(folder, trash);
                using var parent = FileSystem.Open(TrashFolder, OpenFlags.Directory);
                TreeRemover.Remove(parent, Encoding.UTF8.GetBytes(Path.GetFileName(trash)));
            });
        }
        catch (Exception e) when (e is SyscallException or IOException or UnauthorizedAccessException)
        {
            _logger.CleanupFailed(Name, folder, e);
        }
    }

    private string LayerRoot(long number) => Path.Combine(LayersFolder, number.ToString(CultureInfo.InvariantCulture));

    private string LayerFolder(LayerRecord layer) => Path.Combine(LayerRoot(layer.Number), ContentFolder);

    private string SnapshotFolder(SnapshotRecord snapshot) => Path.Combine(SnapshotsFolder, snapshot.Folder);

    // Keys are free text; folder names are short so that mount options are.
    private static string FolderNameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 12));

    private string LayerKey(string chainId) => $"{RecordPrefix}layer/{chainId}";

    private string SnapshotKey(string key) => $"{RecordPrefix}snapshot/{key}";

    private static byte[] Serialize(LayerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, SnapshotJson.Default.LayerRecord);

    private static byte[] Serialize(SnapshotRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, SnapshotJson.Default.SnapshotRecord);
}
