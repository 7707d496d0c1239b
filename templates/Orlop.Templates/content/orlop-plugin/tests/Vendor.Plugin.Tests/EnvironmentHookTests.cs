using Orlop.Abstractions.Lifecycle;
using Orlop.PluginContracts;

namespace Vendor.Plugin.Tests;

/// <summary>What every hook must do comes from the base class; what this one promises stands here.</summary>
public sealed class EnvironmentHookTests : LifecycleHookContract, IAsyncLifetime
{
    private readonly PluginScope _scope = new(() => new PluginEntry()) { Settings = { ["environment"] = (IReadOnlyList<string>)["TZ=UTC", "PATH=/elsewhere"] } };

    [Fact]
    public async Task A_container_gets_the_variables_that_it_does_not_set_itself()
    {
        var hook = await CreateAsync();
        var sandbox = NewSandbox();

        var container = await hook.OnContainerCreatingAsync(sandbox, NewContainer(sandbox), CancellationToken.None);

        container.Oci.Process!.Env.Should().Equal("PATH=/bin", "TZ=UTC");
    }

    [Fact]
    public async Task A_variable_without_a_value_is_refused_by_name()
    {
        _scope.Settings["environment"] = (IReadOnlyList<string>)["TZ"];

        var create = CreateAsync;

        (await create.Should().ThrowAsync<Exception>()).Which.GetBaseException().Message.Should().Contain("\"TZ\"");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _scope.DisposeAsync();

    protected override async Task<ILifecycleHook> CreateAsync()
    {
        await _scope.StartAsync();
        return _scope.Resolve<ILifecycleHook>();
    }
}
