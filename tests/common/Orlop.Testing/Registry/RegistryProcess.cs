using System.Diagnostics;
using System.Net;
using Orlop.Testing.Images;
using Orlop.Testing.Nodes;

namespace Orlop.Testing.Registry;

/// <summary>Debian's docker-registry on a loopback port of a node, with its storage in a folder.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    /// <summary>The user of a registry that asks for one.</summary>
    public const string User = "orlop";

    /// <summary>The password of <see cref="User"/>.</summary>
    public const string Password = "secret";

    private const string Htpasswd = User + ":$2b$04$dSaUj3w6grT7EsK8mlPxcellUD.vtsseAuWc.0gHP2H1zeErt1wYe\n";

    private readonly Process _process;

    private RegistryProcess(Process process, HttpClient http, string name)
    {
        _process = process;
        Http = http;
        Name = name;
    }

    /// <summary>How nodes name this registry, for example <c>localhost:5000</c>.</summary>
    public string Name { get; }

    /// <summary>Reaches the registry.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a registry inside the node's namespaces and waits until it answers.</summary>
    public static Task<RegistryProcess> StartAsync(NodeNamespaces namespaces, string folder, int port, bool authenticated = false) =>
        StartAsync(namespaces.Inside, namespaces.CreateHttpClient($"http://127.0.0.1:{port}"), folder, port, authenticated);

    /// <summary>Starts a registry on this machine's loopback, for tests that run no daemon.</summary>
    public static Task<RegistryProcess> StartHereAsync(string folder, int port) =>
        StartAsync((program, arguments) => new ProcessStartInfo(program, arguments), new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") }, folder, port, authenticated: false);

    private static async Task<RegistryProcess> StartAsync(
        Func<string, IEnumerable<string>, ProcessStartInfo> start, HttpClient http, string folder, int port, bool authenticated)
    {
        Directory.CreateDirectory(folder);
        var configuration = Path.Combine(folder, "registry.yml");
        await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), Htpasswd);
        await File.WriteAllTextAsync(configuration, Configuration(folder, port, authenticated));
        string[] script = ["-c", "exec docker-registry serve \"$0\" >>\"$0.log\" 2>&1", configuration];
        var process = Process.Start(start("/bin/sh", script)) ?? throw new InvalidOperationException("docker-registry did not start");
        if (authenticated)
        {
            var credentials = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{Password}"));
            http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Basic", credentials);
        }

        await Eventually.PassesAsync(async () =>
        {
            using var answer = await http.GetAsync(new Uri("/v2/", UriKind.Relative));
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"docker-registry answers {answer.StatusCode}; see {configuration}.log");
            }
        });
        return new RegistryProcess(process, http, $"localhost:{port}");
    }

    /// <summary>Pushes an image.</summary>
    public Task<PushedImage> PushAsync(ImageRecipe recipe) => new ImagePusher(Http, Name).PushAsync(recipe);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Configuration(string folder, int port, bool authenticated)
    {
        var auth = $"""
            auth:
              htpasswd:
                realm: orlop
                path: {folder}/htpasswd
            """;
        return $"""
            version: 0.1
            log:
              level: warn
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {folder}/storage
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{port}
            {(authenticated ? auth : "")}

            """;
    }
}
