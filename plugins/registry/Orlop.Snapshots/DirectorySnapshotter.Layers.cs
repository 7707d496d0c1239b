using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Records;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Extraction;
using Orlop.Snapshots.Store;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

internal abstract partial class DirectorySnapshotter
{
    public async Task<ILayerTransaction> BeginLayerAsync(string chainId, string? parentChainId, CancellationToken cancellationToken)
    {
        var lower = await PinAsync(parentChainId, $"unpack layer {chainId}", cancellationToken);
        var transaction = new LayerTransaction(this, chainId, parentChainId, Interlocked.Increment(ref _lastNumber), lower);
        try
        {
            await transaction.StartAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public async Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken)
    {
        if (!_state.Layers.TryGetValue(chainId, out var record))
            return;
        await ChangeAsync(
            state => state with { Layers = state.Layers.Remove(chainId) },
            new RecordChanges().Delete(LayerKey(chainId)), Durability.Process, cancellationToken,
            check: () => ThrowIfInUse(chainId));
        await DiscardAsync(LayerRoot(record.Number));
    }

    private void ThrowIfInUse(string chainId)
    {
        string? user = _state.Snapshots.FirstOrDefault(s => s.Value.Layer == chainId) is { Key: { } key } ? $"snapshot \"{key}\""
            : _state.Layers.FirstOrDefault(l => l.Value.Parent == chainId) is { Key: { } child } ? $"layer {child}"
            : _pins.ContainsKey(chainId) ? "an operation that is running"
            : null;
        if (user is not null)
            throw RuntimeException.FailedPrecondition($"remove layer {chainId} of {Name}: {user} stands on it");
    }

    private sealed class LayerTransaction(DirectorySnapshotter owner, string chainId, string? parent, long number, IReadOnlyList<string> lower) : ILayerTransaction
    {
        private readonly string _folder = owner.LayerRoot(number) + NewSuffix;
        private bool _committed;

        private string Content => Path.Combine(_folder, ContentFolder);

        public Task StartAsync(CancellationToken cancellationToken) => SnapshotErrors.RunAsync(
            $"unpack layer {chainId}",
            () =>
            {
                Directory.CreateDirectory(Content);
                FileSystem.ChangeMode(SafeFileDescriptor.CurrentDirectory, Content, 0x1ed); // 0755, whatever the umask
                owner.MakeLayerFolder(Content, lower, cancellationToken);
            },
            cancellationToken);

        public Task ApplyAsync(Stream tar, CancellationToken cancellationToken) => SnapshotErrors.RunAsync(
            $"unpack layer {chainId}",
            () =>
            {
                const OpenFlags folder = OpenFlags.Path | OpenFlags.Directory;
                using var root = new LayerRoot(FileSystem.Open(Content, folder), owner.Whiteouts == WhiteoutMode.Overlay ? [.. lower.Select(l => FileSystem.Open(l, folder))] : []);
                new LayerExtractor(root, lower.Count == 0 ? WhiteoutMode.Ignore : owner.Whiteouts).Extract(tar, cancellationToken);
            },
            cancellationToken);

        public async Task CommitAsync(CancellationToken cancellationToken)
        {
            var usage = default(TreeUsage);
            await SnapshotErrors.RunAsync($"commit layer {chainId}", () => usage = MakeDurable(cancellationToken), cancellationToken);

            // Somebody else may have unpacked the same layer meanwhile: theirs is in use, ours is thrown away.
            var record = new LayerRecord(number, parent, usage.Bytes, usage.Inodes);
            await owner._writer.WaitAsync(cancellationToken);
            try
            {
                if (owner._state.Layers.ContainsKey(chainId))
                    return;
                RenameDurably();
                await owner._records.CommitAsync(new RecordChanges().Put(owner.LayerKey(chainId), Serialize(record)), Durability.Power, CancellationToken.None);
                owner._state = owner._state with { Layers = owner._state.Layers.Add(chainId, record) };
                _committed = true;
            }
            finally
            {
                owner._writer.Release();
            }

            owner._logger.LayerCommitted(owner.Name, chainId, number, usage.Bytes, usage.Inodes);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_committed)
            {
                await owner.DiscardAsync(_folder);
                await owner.DiscardAsync(owner.LayerRoot(number)); // where a commit left it that came to its rename and no further
            }

            await owner.UnpinAsync(parent);
        }

        private TreeUsage MakeDurable(CancellationToken cancellationToken)
        {
            var usage = TreeUsage.Of(Content, cancellationToken);
            using var content = FileSystem.Open(Content, OpenFlags.Directory);
            FileSystem.SyncFileSystem(content);
            return usage;
        }

        private void RenameDurably()
        {
            try
            {
                Directory.Move(_folder, owner.LayerRoot(number));
                using var layers = FileSystem.Open(owner.LayersFolder, OpenFlags.Directory);
                FileSystem.Sync(layers);
            }
            catch (Exception e) when (SnapshotErrors.CanExplain(e))
            {
                throw SnapshotErrors.Explain($"commit layer {chainId}", e);
            }
        }
    }
}
