using System.Text.Json;
using Autofac;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;
using Orlop.Cni.Namespaces;
using Orlop.PluginContracts;

namespace Orlop.Cni.Tests.Support;

/// <summary>
/// A node in a folder: configurations, plugin programs that are shell scripts, and the network plugin wired by its own module.
/// <see cref="StartAsync"/> again stands for a restart of the daemon.
/// </summary>
internal sealed class Node
{
    private const string AllVersions = """{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}""";

    private IContainer? _container;

    public Node()
    {
        Root = Directory.CreateTempSubdirectory("orlop-cni-").FullName;
        ConfFolder = Directory.CreateDirectory(Path.Combine(Root, "net.d")).FullName;
        BinFolder = Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(Root, "seen"));
    }

    public string Root { get; }

    public string ConfFolder { get; }

    public string BinFolder { get; }

    public int TimeoutSeconds { get; init; } = 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public MemoryRecordStore Records { get; } = new();

    public INetworkNamespaces Namespaces { get; init; } = new FakeNamespaces();

    public FakeNamespaces Fakes => (FakeNamespaces)Namespaces;

    public LogCollector Log { get; } = new();

    public RecordingPhase Phase { get; } = new();

    public IPodNetwork Network => _container!.Resolve<IPodNetwork>();

    /// <summary>What plugins were called with so far, as <c>COMMAND plugin sandbox netns</c>; questions for versions are left out.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            string file = Path.Combine(Root, "calls");
            return File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => !line.StartsWith("VERSION ", StringComparison.Ordinal))] : [];
        }
    }

    public T Resolve<T>()
        where T : notnull => _container!.Resolve<T>();

    public async Task<IPodNetwork> StartAsync()
    {
        await StopAsync();
        var builder = new ContainerBuilder();
        builder.RegisterModule(new CniModule { Context = Context() });
        builder.RegisterInstance(Namespaces);
        builder.RegisterInstance(Time);
        builder.RegisterInstance<IRecordStore>(Records);
        builder.RegisterInstance<ILoggerFactory>(Log);
        builder.RegisterGeneric(typeof(Logger<>)).As(typeof(ILogger<>));
        _container = builder.Build();
        await _container.Resolve<IPluginService>().StartAsync(CancellationToken.None);
        return Network;
    }

    /// <summary>Ends the daemon in an orderly way.</summary>
    public async Task StopAsync()
    {
        if (_container is not null)
        {
            await _container.Resolve<IPluginService>().StopAsync(CancellationToken.None);
            await _container.DisposeAsync();
            _container = null;
        }
    }

    public void WriteConfiguration(string json, string file = "10-test.conflist") => File.WriteAllText(Path.Combine(ConfFolder, file), json);

    /// <summary>A list of the named plugins, of a version.</summary>
    public void WriteList(string version, params string[] plugins) => WriteConfiguration(
        $$"""{"cniVersion":"{{version}}","name":"net","plugins":[{{string.Join(',', plugins.Select(type => $$"""{"type":"{{type}}"}"""))}}]}""");

    /// <summary>A plugin that notes its calls and then does what is said; its input is in <c>$input</c>.</summary>
    public void WritePlugin(
        string name, string add = "", string del = "exit 0", string check = "exit 0", string status = "exit 0", string gc = "exit 0", string version = $"echo '{AllVersions}'")
    {
        string add0 = add.Length > 0 ? add : $"echo '{Result("10.1.0.5/24")}'";
        string script = $$"""
            #!/bin/sh
            input=$(cat)
            echo "$CNI_COMMAND {{name}} $CNI_CONTAINERID $CNI_NETNS" >> "{{Root}}/calls"
            printf '%s' "$input" > "{{Root}}/seen/{{name}}.$CNI_COMMAND.json"
            env > "{{Root}}/seen/{{name}}.$CNI_COMMAND.env"
            case "$CNI_COMMAND" in
            ADD) {{add0}} ;;
            DEL) {{del}} ;;
            CHECK) {{check}} ;;
            STATUS) {{status}} ;;
            GC) {{gc}} ;;
            VERSION) {{version}} ;;
            esac

            """;
        WriteProgram(name, script);
    }

    public void WriteProgram(string name, string script)
    {
        string path = Path.Combine(BinFolder, name);
        File.WriteAllText(path, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void RemovePlugin(string name) => File.Delete(Path.Combine(BinFolder, name));

    /// <summary>What a plugin last read on its standard input for a command.</summary>
    public JsonElement Input(string plugin, string command) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "seen", $"{plugin}.{command}.json"))).RootElement;

    public IReadOnlyDictionary<string, string> Variables(string plugin, string command) =>
        File.ReadAllLines(Path.Combine(Root, "seen", $"{plugin}.{command}.env")).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public Task<PodNetworkResult> AttachAsync(string sandbox, CancellationToken cancellationToken = default) => Network.AttachAsync(Request(sandbox), Phase, cancellationToken);

    public Task DetachAsync(string sandbox, CancellationToken cancellationToken = default) =>
        Network.DetachAsync(sandbox, $"/run/netns/{sandbox}", Phase, cancellationToken);

    public static PodNetworkRequest Request(string sandbox) => new()
    {
        SandboxId = sandbox,
        PodName = "web",
        PodNamespace = "default",
        PodUid = "uid-1",
        NetworkNamespace = $"/run/netns/{sandbox}",
    };

    public static string Result(params string[] addresses) =>
        $$"""{"cniVersion":"1.0.0","interfaces":[{"name":"br0"},{"name":"eth0","sandbox":"/run/netns/x"}],"ips":[{{string.Join(',', addresses.Select(address => $$"""{"address":"{{address}}","interface":1}"""))}}]}""";

    public static string Error(int code, string message) => $$"""echo '{"code":{{code}},"msg":"{{message}}","details":"because"}'; exit 1""";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Root, recursive: true);
    }

    private PluginContext Context() => new()
    {
        Id = "cni",
        Folder = AppContext.BaseDirectory,
        RootFolder = Root,
        StateFolder = Root,
        Settings = new PluginSettings(new Dictionary<string, object>
        {
            ["conf_folder"] = ConfFolder,
            ["bin_folders"] = (IReadOnlyList<string>)[Path.Combine(Root, "none"), BinFolder],
            ["timeout_seconds"] = (long)TimeoutSeconds,
            ["pass_environment"] = (IReadOnlyList<string>)["ORLOP_TEST_PASSED"],
        }),
    };
}
