using System.Runtime.Versioning;

namespace Orlop.Testing.Nodes;

/// <summary>The files of one node, all below one temporary folder with a short name (a socket's path has at most 107 bytes).</summary>
public sealed class NodeFolder
{
    /// <summary>Makes the folder for the node <paramref name="name"/>.</summary>
    public NodeFolder(string name)
    {
        Path = System.IO.Path.Combine("/tmp", name);
        Directory.CreateDirectory(Path);
        foreach (var folder in (string[])[Root, Logs, NetworkConfigurations, NetworkPlugins, Leases, Registries, Shared])
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>The folder itself.</summary>
    public string Path { get; }

    /// <summary>The daemon's root; its content is visible only inside the node.</summary>
    public string Root => Below("root");

    /// <summary>The daemon's CRI socket.</summary>
    public string Socket => Below("orlop.sock");

    /// <summary>The daemon's configuration.</summary>
    public string Configuration => Below("config.toml");

    /// <summary>What the daemon writes to its standard output and error.</summary>
    public string DaemonLog => Below("orlopd.log");

    /// <summary>The log folders of the pods, as a kubelet has in <c>/var/log/pods</c>.</summary>
    public string Logs => Below("logs");

    /// <summary>CNI configurations.</summary>
    public string NetworkConfigurations => Below("net.d");

    /// <summary>CNI plugins that tests bring along; those of the machine come after them.</summary>
    public string NetworkPlugins => Below("cni");

    /// <summary>The address leases of host-local.</summary>
    public string Leases => Below("leases");

    /// <summary>Hosts folders of the registry plugin.</summary>
    public string Registries => Below("registries");

    /// <summary>For files that tests share with containers.</summary>
    public string Shared => Below("shared");

    /// <summary>A path below the folder.</summary>
    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes the CNI configuration of the usual node: a bridge with addresses for two families and host ports.</summary>
    public void WriteNetworkConfiguration() => File.WriteAllText(
        System.IO.Path.Combine(NetworkConfigurations, "10-orlop.conflist"),
        $$"""
        {
          "cniVersion": "1.0.0",
          "name": "orlop",
          "plugins": [
            { "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
              "ipam": {
                "type": "host-local", "dataDir": "{{Leases}}", "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }],
                "ranges": [[{ "subnet": "10.88.0.0/16" }], [{ "subnet": "fd88::/64" }]] } },
            { "type": "portmap", "capabilities": { "portMappings": true } }
          ]
        }
        """);

    /// <summary>Takes the CNI configuration away.</summary>
    public void RemoveNetworkConfiguration() => File.Delete(System.IO.Path.Combine(NetworkConfigurations, "10-orlop.conflist"));

    /// <summary>Writes a CNI program: a shell script.</summary>
    [SupportedOSPlatform("linux")]
    public void WriteNetworkProgram(string name, string script)
    {
        var file = System.IO.Path.Combine(NetworkPlugins, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Says that images of <paramref name="host"/> come from <paramref name="server"/>, in the format of <c>hosts.toml</c>.</summary>
    public void WriteHost(string host, string server)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Registries, host)).FullName;
        File.WriteAllText(
            System.IO.Path.Combine(folder, "hosts.toml"),
            $"""
            server = "{server}"

            [host."{server}"]
            capabilities = ["pull", "resolve"]

            """);
    }

    /// <summary>Writes the daemon's configuration.</summary>
    public void WriteConfiguration(NodeOptions options)
    {
        var plugins = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cni"] = $"""
                conf_folder = "{NetworkConfigurations}"
                bin_folders = ["{NetworkPlugins}", "/usr/lib/cni"]
                """,
            ["registry"] = $"""hosts_folders = ["{Registries}"]""",
        };
        foreach (var (id, settings) in options.PluginSettings)
        {
            plugins[id] = $"{plugins.GetValueOrDefault(id)}\n{settings}";
        }

        File.WriteAllText(
            Configuration,
            $$"""
            socket = "{{Socket}}"
            root = "{{Root}}"
            state = "/run/orlop"
            plugin_folders = [{{string.Join(", ", options.PluginFolders.Prepend($"{Repository.Dist}/plugins").Select(folder => $"\"{folder}\""))}}]

            {{options.TopLevelConfiguration}}

            [log]
            level = "info"
            format = "json"

            [handlers.default]
            backend = "linux-native"
            snapshotter = "overlay"

            [network]
            plugin = "cni"

            [images]
            source = "registry"

            {{string.Join("\n\n", plugins.Select(plugin => $"[plugins.{plugin.Key}]\n{plugin.Value}"))}}

            {{options.Configuration}}

            """);
    }
}
