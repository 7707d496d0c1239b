using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Records;
using Orlop.Snapshots.Extraction;
using Orlop.Snapshots.Store;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

/// <summary>
/// What all snapshotters share that keep layers as folders: <c>layers/&lt;number&gt;/fs</c> and <c>snapshots/&lt;hash of the key&gt;</c>,
/// each with a record that is written once the folder is complete (R11).
/// </summary>
internal abstract partial class DirectorySnapshotter : ISnapshotter, IDisposable
{
    private readonly IRecordStore _records;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly UsageMeter _meter;
    private readonly KeyedLock _keys = new();

    // Held for each change of the state and its records, never during the work on files.
    private readonly SemaphoreSlim _writer = new(1, 1);

    // Layers that an unpack or a snapshot in the making stands on; guarded by _writer.
    private readonly Dictionary<string, int> _pins = new(StringComparer.Ordinal);

    private volatile SnapshotState _state = SnapshotState.Empty;
    private long _lastNumber;

    protected DirectorySnapshotter(string name, string folder, IRecordStore records, TimeProvider time, ILogger logger)
    {
        Name = name;
        Folder = folder;
        _records = records;
        _time = time;
        _logger = logger;
        _meter = new UsageMeter(name, folder, time, logger);
    }

    /// <summary>Raised after a snapshot is gone: layers may be free now.</summary>
    public event EventHandler? SnapshotRemoved;

    public string Name { get; }

    public string Folder { get; }

    public IReadOnlyCollection<string> Layers => [.. _state.Layers.Keys];

    public IReadOnlyCollection<string> Keys => [.. _state.Snapshots.Keys];

    public FilesystemUsage Usage
    {
        get
        {
            var total = _meter.Total();
            foreach (var layer in _state.Layers.Values)
                total += new TreeUsage(layer.Bytes, layer.Inodes);
            return new FilesystemUsage(_time.GetUtcNow(), Folder, total.Bytes, total.Inodes);
        }
    }

    /// <summary>How whiteouts of layers that have one below are unpacked.</summary>
    protected abstract WhiteoutMode Whiteouts { get; }

    public bool HasLayer(string chainId) => _state.Chain(chainId) is not null;

    public FilesystemUsage? UsageOf(string key) => _meter.Of(key);

    /// <summary>Counts usage until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _meter.RunAsync(cancellationToken);

    /// <summary>Counts once what was asked for since the last count.</summary>
    public Task CountUsageAsync(CancellationToken cancellationToken) => _meter.CountAsync(cancellationToken);

    public async Task<Snapshot> PrepareAsync(string key, string? chainId, bool readOnly, IPhase phase, CancellationToken cancellationToken)
    {
        using var held = await _keys.EnterAsync(key, cancellationToken);
        if (_state.Snapshots.TryGetValue(key, out var present))
        {
            return present.Layer == chainId && present.ReadOnly == readOnly
                ? Describe(key, present)
                : throw new RuntimeException(ErrorKind.AlreadyExists, $"snapshot \"{key}\" of {Name} is already there on layer {present.Layer ?? "(none)"}, not on {chainId ?? "(none)"}; remove it first");
        }

        var lower = await PinAsync(chainId, $"prepare snapshot \"{key}\"", cancellationToken);
        try
        {
            phase.Note($"{Name} snapshot of layer {chainId ?? "(none)"}");
            var record = new SnapshotRecord(FolderNameOf(key), chainId, readOnly);
            string folder = SnapshotFolder(record);
            try
            {
                await SnapshotErrors.RunAsync($"prepare snapshot \"{key}\" of {Name}", () => MakeSnapshotFolder(folder, lower, readOnly, cancellationToken), cancellationToken);
                await ChangeAsync(
                    state => state with { Snapshots = state.Snapshots.Add(key, record) },
                    new RecordChanges().Put(SnapshotKey(key), Serialize(record)), Durability.Process, cancellationToken);
            }
            catch
            {
                await DiscardAsync(folder);
                throw;
            }

            if (WritableFolder(folder, readOnly) is { } writable)
                _meter.Add(key, writable, InitialUsage(writable, cancellationToken));
            return Describe(key, record);
        }
        finally
        {
            await UnpinAsync(chainId);
        }
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _keys.EnterAsync(key, cancellationToken);
        if (!_state.Snapshots.TryGetValue(key, out var record))
            return;
        await ChangeAsync(
            state => state with { Snapshots = state.Snapshots.Remove(key) },
            new RecordChanges().Delete(SnapshotKey(key)), Durability.Process, cancellationToken);
        _meter.Remove(key);
        await DiscardAsync(SnapshotFolder(record));
        SnapshotRemoved?.Invoke(this, EventArgs.Empty);
    }

    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the content of a new layer's folder before the archive is applied.</summary>
    /// <param name="folder">Exists, empty.</param>
    /// <param name="lower">The folders of the layers below, the top-most first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    protected abstract void MakeLayerFolder(string folder, IReadOnlyList<string> lower, CancellationToken cancellationToken);

    /// <summary>Makes a snapshot's folder, which does not exist or is left over.</summary>
    protected abstract void MakeSnapshotFolder(string folder, IReadOnlyList<string> lower, bool readOnly, CancellationToken cancellationToken);

    /// <summary>What the backend mounts.</summary>
    protected abstract RootfsMount MountOf(string folder, IReadOnlyList<string> lower, bool readOnly);

    /// <summary>The folder that containers write to; null when there is none.</summary>
    protected abstract string? WritableFolder(string folder, bool readOnly);

    /// <summary>What a new writable layer takes; null where that must be counted.</summary>
    protected virtual TreeUsage? InitialUsage(string writable, CancellationToken cancellationToken) => null;

    private Snapshot Describe(string key, SnapshotRecord record)
    {
        var lower = _state.Chain(record.Layer) ?? throw RuntimeException.FailedPrecondition(
            $"snapshot \"{key}\" of {Name} stands on layer {record.Layer}, which is not whole; pull its image again");
        return new Snapshot(key, [MountOf(SnapshotFolder(record), [.. lower.Select(LayerFolder)], record.ReadOnly)]);
    }

    // Keeps a layer from being removed while something is made on it; gives the folders of it and all below.
    private async Task<IReadOnlyList<string>> PinAsync(string? chainId, string what, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            var chain = _state.Chain(chainId) ?? throw RuntimeException.FailedPrecondition(
                $"{what}: layer {chainId} is not in snapshotter {Name}; pull its image again");
            if (chainId is not null)
                _pins[chainId] = _pins.GetValueOrDefault(chainId) + 1;
            return [.. chain.Select(LayerFolder)];
        }
        finally
        {
            _writer.Release();
        }
    }

    private async Task UnpinAsync(string? chainId)
    {
        if (chainId is null)
            return;
        await _writer.WaitAsync(CancellationToken.None);
        if (--_pins[chainId] == 0)
            _pins.Remove(chainId);
        _writer.Release();
    }

    // The records first: a reader must never see what a crash could take back.
    private async Task ChangeAsync(
        Func<SnapshotState, SnapshotState> change, RecordChanges records, Durability durability, CancellationToken cancellationToken, Action? check = null)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            check?.Invoke();
            await _records.CommitAsync(records, durability, CancellationToken.None);
            _state = change(_state);
        }
        finally
        {
            _writer.Release();
        }
    }
}
