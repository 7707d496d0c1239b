using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Snapshots;

public sealed class OverlayContract : RegistrySnapshotterContract
{
    private protected override ISnapshotter Choose(Plugin plugin) => plugin.Overlay;
}

public sealed class CopyContract : RegistrySnapshotterContract
{
    private protected override ISnapshotter Choose(Plugin plugin) => plugin.Copy;
}

public abstract class RegistrySnapshotterContract : SnapshotterContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRecordStore _records = new();
    private Plugin? _plugin;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (_plugin?.DisposeAsync() ?? default);
    }

    public void Dispose() => _folder.Dispose();

    private protected abstract ISnapshotter Choose(Plugin plugin);

    protected override async Task<ISnapshotter> CreateAsync(bool restart = false)
    {
        await (_plugin?.DisposeAsync() ?? default);
        if (restart)
            await ProtectLayersAsync();
        _plugin = await Plugin.StartAsync(_folder.Path, _records);
        return Choose(_plugin);
    }

    // Layers that no image refers to are collected at a start, as they should be: here a pull refers to them.
    private async Task ProtectLayersAsync()
    {
        var chains = (await _records.ListAsync("snapshotter/", CancellationToken.None)).Where(r => r.Key.Contains("/layer/", StringComparison.Ordinal)).Select(r => r.Key[(r.Key.LastIndexOf('/') + 1)..]);
        string record = $$"""{"reference":"test","at":"{{DateTimeOffset.UtcNow:O}}","blobs":[],"chains":[{{string.Join(',', chains.Select(c => $"\"{c}\""))}}]}""";
        await _records.CommitAsync(new Abstractions.Records.RecordChanges().Put("pull/test", System.Text.Encoding.UTF8.GetBytes(record)), Abstractions.Records.Durability.Process, CancellationToken.None);
    }
}
