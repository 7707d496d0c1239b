using System.Diagnostics;
using Orlop.Abstractions.Networking;
using Orlop.PluginContracts;

namespace Vendor.Plugin.Tests;

/// <summary>Against the kernel, so as root: the bridge is in a network namespace that stands for the node.</summary>
public sealed class BridgeNetworkTests : PodNetworkContract, IAsyncLifetime
{
    private readonly string _node = $"node-{Guid.NewGuid():N}"[..20];
    private readonly List<string> _namespaces = [];
    private readonly PluginScope _scope;

    public BridgeNetworkTests() => _scope = new PluginScope(() => new PluginEntry { NodeNamespace = $"/run/netns/{_node}" })
    {
        Settings = { ["bridge"] = "pods0", ["range"] = "10.66.0.0/28" },
    };

    [Fact]
    public async Task Pods_reach_each_other()
    {
        var network = await CreateAsync();
        var one = await AttachAsync(network, "one");
        await AttachAsync(network, "two");

        // Nobody listens on that port: the other pod's kernel says so, which it can only do when it was reached.
        Run("ip", "netns", "exec", _namespaces[1], "bash", "-c", $"</dev/tcp/{one.Addresses[0]}/9").Error.Should().Contain("Connection refused");
    }

    public async Task InitializeAsync()
    {
        Ip("netns", "add", _node);
        await _scope.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _scope.DisposeAsync();
        foreach (string name in _namespaces.Append(_node))
            Ip("netns", "del", name);
    }

    protected override async Task<IPodNetwork> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<IPodNetwork>();
    }

    protected override Task<string> NewNamespaceAsync()
    {
        string name = $"{_node}-{_namespaces.Count}";
        Ip("netns", "add", name);
        _namespaces.Add(name);
        return Task.FromResult($"/run/netns/{name}");
    }

    protected override Task<int> CountAddressesAsync() => Task.FromResult(_scope.Records.Keys.Count);

    private async Task<PodNetworkResult> AttachAsync(IPodNetwork network, string id)
    {
        var request = new PodNetworkRequest { SandboxId = id, PodName = id, PodNamespace = "default", PodUid = id, NetworkNamespace = await NewNamespaceAsync() };
        return await network.AttachAsync(request, NoPhase.Instance, CancellationToken.None);
    }

    private static void Ip(params string[] arguments)
    {
        var (exitCode, error) = Run("ip", arguments);
        if (exitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error.Trim()} (these tests need root)");
    }

    private static (int ExitCode, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
