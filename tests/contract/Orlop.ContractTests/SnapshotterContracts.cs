using Orlop.Abstractions.Images;
using Orlop.PluginContracts;

namespace Orlop.ContractTests;

public sealed class OverlaySnapshotterContract() : RegistrySnapshotterContract("overlay");

public sealed class CopySnapshotterContract() : RegistrySnapshotterContract("copy");

public abstract class RegistrySnapshotterContract(string name) : SnapshotterContract, IAsyncLifetime
{
    private readonly PluginScope _scope = RegistryScope.Create("/nonexistent");

    protected override async Task<ISnapshotter> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<IEnumerable<ISnapshotter>>().Single(s => s.Name == name);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _scope.DisposeAsync();
}
