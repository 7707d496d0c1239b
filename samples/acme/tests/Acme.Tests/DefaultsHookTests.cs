using Acme.Defaults;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Abstractions.Plugins;
using Orlop.PluginContracts;

namespace Acme.Tests;

public sealed class DefaultsHookTests : LifecycleHookContract, IAsyncLifetime
{
    private readonly PluginScope _scope = new(() => new DefaultsModule());

    [Fact]
    public async Task A_container_of_the_namespace_gets_what_it_does_not_set_itself()
    {
        var container = await AdjustAsync("default");

        container.Oci.Process!.Env.Should().Equal("PATH=/bin", "TZ=UTC");
        container.Oci.Process.Rlimits.Should().Equal(new Rlimit { Type = "RLIMIT_NOFILE", Soft = 512, Hard = 512 });
    }

    [Fact]
    public async Task Containers_of_other_namespaces_stay_as_they_are() =>
        (await AdjustAsync("other")).Oci.Process!.Env.Should().Equal("PATH=/bin");

    [Theory]
    [InlineData("namespaces: { default: { environment: [TZ] } }", "namespaces.default.environment has \"TZ\"; write NAME=value")]
    [InlineData("namespaces: { default: { openFiles: -1 } }", "namespaces.default.openFiles is -1")]
    [InlineData("namespaces: { default: { openFlies: 1 } }", "openFlies")]
    [InlineData("\nnamespaces: [", "defaults.yaml:2: ")]
    public async Task A_wrong_file_is_refused_with_what_is_wrong(string text, string reason)
    {
        WriteFile(text);

        (await _scope.Awaiting(s => s.StartAsync()).Should().ThrowAsync<InvalidDataException>()).Which.Message.Should().Contain(reason);
    }

    [Fact]
    public async Task Without_a_file_it_is_skipped()
    {
        File.Delete(Path.Combine(_scope.Folder, "defaults.yaml"));

        await _scope.Awaiting(s => s.StartAsync()).Should().ThrowAsync<SkipPluginException>();
    }

    public Task InitializeAsync()
    {
        _scope.Settings["file"] = WriteFile("""
            namespaces:
              default:
                environment: [TZ=UTC, PATH=/elsewhere]
                openFiles: 512
            """);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _scope.DisposeAsync();

    protected override async Task<ILifecycleHook> CreateAsync()
    {
        await _scope.StartAsync();
        return _scope.Resolve<ILifecycleHook>();
    }

    private async Task<ContainerSpec> AdjustAsync(string podNamespace)
    {
        var hook = await CreateAsync();
        var sandbox = NewSandbox() with { Namespace = podNamespace };
        return await hook.OnContainerCreatingAsync(sandbox, NewContainer(sandbox), CancellationToken.None);
    }

    private string WriteFile(string text)
    {
        string path = Path.Combine(_scope.Folder, "defaults.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
