using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Tests.Fakes;

/// <summary>The fake node behind a real unix socket, and the program run against it.</summary>
internal sealed class FakeRuntime : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FakeRuntime(WebApplication server, string folder, FakeNode node, FakeImageService images) =>
        (_server, Folder, Node, Images, Environment["ORLOP_ADDRESS"]) = (server, folder, node, images, "unix://" + Path.Combine(folder, "orlop.sock"));

    /// <summary>Everything that a test writes is in here.</summary>
    public string Folder { get; }

    public FakeNode Node { get; }

    public FakeImageService Images { get; }

    public StopSignals Signals { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public bool IsTerminal { get; set; }

    public CliPaths Paths => new()
    {
        Pods = Path.Combine(Folder, "pods"),
        Logs = Path.Combine(Folder, "logs"),
        SeccompProfiles = "/var/lib/kubelet/seccomp",
        ResolvConf = Path.Combine(Folder, "resolv.conf"),
        Hosts = Path.Combine(Folder, "hosts"),
        Proc = Path.Combine(Folder, "proc"),
        Sys = Path.Combine(Folder, "sys"),
    };

    public static async Task<FakeRuntime> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("orlop-cli-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "proc"));
        await File.WriteAllTextAsync(Path.Combine(folder, "proc/meminfo"), "MemTotal:        8388608 kB\nMemFree: 1 kB\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "resolv.conf"), "nameserver 192.0.2.1\nsearch example.org\noptions ndots:1 edns0\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts"), "127.0.0.1 localhost\n192.0.2.5 node\n");
        Directory.CreateDirectory(Path.Combine(folder, "sys/kernel/mm/hugepages/hugepages-2048kB"));

        var node = new FakeNode();
        var images = new FakeImageService(node);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenUnixSocket(Path.Combine(folder, "orlop.sock"), listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new FakeRuntimeService(node));
        builder.Services.AddSingleton(images);

        var server = builder.Build();
        server.MapGrpcService<FakeRuntimeService>();
        server.MapGrpcService<FakeImageService>();
        await server.StartAsync();
        return new FakeRuntime(server, folder, node, images);
    }

    /// <summary>Runs one command line against the fake node.</summary>
    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync("", arguments);

    public async Task<CliResult> RunAsync(string input, string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var context = Context(output, error, input);
        int code = await OrlopCli.RunAsync(arguments, context);
        return new CliResult(code, Text(output), Text(error));
    }

    /// <summary>A place for a manifest or another file.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public CliContext Context(Stream output, Stream error, string input = "") => new()
    {
        Input = new MemoryStream(Encoding.UTF8.GetBytes(input)),
        Output = output,
        Error = error,
        OutputIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        Width = 120,
        Variable = name => Environment.GetValueOrDefault(name),
        Time = new FrozenClock(),
        Signals = Signals,
        Paths = Paths,
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Signals.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
