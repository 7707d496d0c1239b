using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

public sealed class RegistryContract : ImageSourceContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRecordStore _records = new();
    private readonly StubRegistry _registry = new();
    private Plugin? _plugin;

    protected override ISnapshotter Snapshotter => _plugin!.Overlay;

    protected override string Reference => $"{_registry.Host}/team/app:1";

    public Task InitializeAsync()
    {
        _registry.Add("team/app", "1", TestImage.Of(TarBuilder.Layer(t => t.File("etc/name", "app"))).InIndex());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await (_plugin?.DisposeAsync() ?? default);
        await _registry.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    protected override async Task<IImageSource> CreateAsync(bool restart = false)
    {
        await (_plugin?.DisposeAsync() ?? default);
        _plugin = await Plugin.StartAsync(_folder.Path, _records);
        _registry.Allow(_folder);
        return _plugin.Source;
    }
}
