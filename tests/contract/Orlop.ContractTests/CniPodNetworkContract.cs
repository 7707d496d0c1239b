using Orlop.Abstractions.Networking;
using Orlop.Cni;
using Orlop.PluginContracts;
using Orlop.Testing.Machines;

namespace Orlop.ContractTests;

/// <summary>With Debian's bridge and host-local, in a network namespace that stands for the node.</summary>
public sealed class CniPodNetworkContract : PodNetworkContract, IAsyncLifetime
{
    private readonly string _node = $"orlop-contract-{Guid.NewGuid():N}"[..28];
    private readonly List<string> _namespaces = [];
    private readonly PluginScope _scope = new(() => new CniModule());

    public CniPodNetworkContract()
    {
        _scope.Settings["conf_folder"] = Path.Join(_scope.Folder, "conf");
        _scope.Settings["bin_folders"] = (IReadOnlyList<string>)[Path.Join(_scope.Folder, "bin")];
        _scope.Settings["timeout_seconds"] = 60L;
        _scope.Settings["pass_environment"] = (IReadOnlyList<string>)[];
    }

    protected override async Task<IPodNetwork> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<IPodNetwork>();
    }

    protected override async Task<string> NewNamespaceAsync()
    {
        string name = $"{_node[..20]}-{_namespaces.Count}";
        await Command.RunAsync("ip", "netns", "add", name);
        _namespaces.Add(name);
        return $"/run/netns/{name}";
    }

    protected override Task<int> CountAddressesAsync()
    {
        string leases = Path.Join(_scope.Folder, "leases", "contract");
        return Task.FromResult(Directory.Exists(leases) ? Directory.GetFiles(leases, "10.*").Length : 0);
    }

    public async Task InitializeAsync()
    {
        await Command.RunAsync("ip", "netns", "add", _node);
        string bin = Directory.CreateDirectory(Path.Join(_scope.Folder, "bin")).FullName;
        foreach (string plugin in (string[])["bridge", "host-local"])
        {
            // The programs act in the namespace that they are run in, which is to be the node's and not this machine's.
            string wrapper = Path.Join(bin, plugin);
            await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nexec nsenter --net=/run/netns/{_node} /usr/lib/cni/{plugin}\n");
            File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.CreateDirectory(Path.Join(_scope.Folder, "conf"));
        await File.WriteAllTextAsync(Path.Join(_scope.Folder, "conf", "10-contract.conflist"), $$"""
            {"cniVersion": "1.0.0", "name": "contract", "plugins": [{"type": "bridge", "bridge": "br0", "isGateway": true,
             "ipam": {"type": "host-local", "dataDir": "{{_scope.Folder}}/leases", "ranges": [[{"subnet": "10.91.0.0/24" } ]] } } ] }
            """);
    }

    public async Task DisposeAsync()
    {
        await _scope.DisposeAsync();
        foreach (string name in _namespaces.Append(_node)) await Command.RunAsync("ip", "netns", "del", name);
    }
}
