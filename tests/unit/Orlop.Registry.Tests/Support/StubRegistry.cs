using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Orlop.Registry.Tests.Support;

/// <summary>A registry in this process that misbehaves on demand.</summary>
internal sealed class StubRegistry : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Type, byte[] Bytes)> _manifests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public StubRegistry()
    {
        (_listener, Port) = Listen();
        _loop = ServeAsync();
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>Sees each request first; true when it has answered.</summary>
    public Func<HttpListenerContext, Task<bool>>? Intercept { get; set; }

    /// <summary>Method and path of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int Count(string part) => Requests.Count(r => r.Contains(part, StringComparison.Ordinal));

    public StubRegistry Add(string repository, string tag, TestImage image)
    {
        _tags[$"{repository}:{tag}"] = image.Top;
        foreach (var (digest, manifest) in image.Manifests)
            _manifests[digest] = manifest;
        foreach (var (digest, blob) in image.Blobs)
            _blobs[digest] = blob;
        return this;
    }

    public void Replace(string digest, byte[] bytes)
    {
        if (_manifests.TryGetValue(digest, out var manifest))
            _manifests[digest] = (manifest.Type, bytes);
        else
            _blobs[digest] = bytes;
    }

    /// <summary>Writes a hosts.toml that lets the plugin reach this registry in the clear.</summary>
    public StubRegistry Allow(TempFolder folder, string? name = null)
    {
        string place = Path.Combine(folder["hosts"], name ?? Host);
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "hosts.toml"), $"server = \"http://{Host}\"\n");
        return this;
    }

    private static (HttpListener Listener, int Port) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            int port = Random.Shared.Next(15_000, 32_000);
            var listener = new HttpListener(); // one that could not be started is of no use any more
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is taken.
            }
        }
    }

    /// <summary>Answers, and says so as <see cref="Intercept"/> does.</summary>
    public static async Task<bool> AnswerAsync(HttpListenerContext context, int status, string body = "", Action<HttpListenerResponse>? change = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        change?.Invoke(context.Response);
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength64 = bytes.Length;
        if (context.Request.HttpMethod != "HEAD")
            await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
        return true;
    }

    /// <summary>Serves a blob as far as a byte, and then cuts the connection.</summary>
    public async Task CutAsync(HttpListenerContext context, string digest, int length)
    {
        byte[] blob = _blobs[digest];
        int start = StartOf(context.Request);
        context.Response.StatusCode = start > 0 ? 206 : 200;
        if (start > 0)
            context.Response.AddHeader("Content-Range", $"bytes {start}-{blob.Length - 1}/{blob.Length}");
        context.Response.ContentLength64 = blob.Length - start;
        await context.Response.OutputStream.WriteAsync(blob.AsMemory(start, length));
        await context.Response.OutputStream.FlushAsync();
        context.Response.Abort();
    }

    public static int StartOf(HttpListenerRequest request) =>
        request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public async ValueTask DisposeAsync()
    {
        if (_listener.IsListening)
            _listener.Abort();
        await _loop;
    }

    private async Task ServeAsync()
    {
        var requests = new List<Task>();
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                break;
            }

            Requests.Enqueue($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            requests.Add(HandleAsync(context));
        }

        await Task.WhenAll(requests);
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            if (Intercept is { } intercept && await intercept(context))
                return;
            string[] parts = context.Request.Url!.AbsolutePath.Split('/');
            string kind = parts[^2];
            string name = Uri.UnescapeDataString(parts[^1]);
            string repository = string.Join('/', parts[2..^2]);
            if (kind == "manifests" && _manifests.TryGetValue(_tags.GetValueOrDefault($"{repository}:{name}") ?? name, out var manifest))
            {
                string digest = _tags.GetValueOrDefault($"{repository}:{name}") ?? name;
                context.Response.AddHeader("Docker-Content-Digest", digest);
                await SendAsync(context, manifest.Type, manifest.Bytes);
            }
            else if (kind == "blobs" && _blobs.TryGetValue(name, out byte[]? blob))
            {
                await SendAsync(context, "application/octet-stream", blob);
            }
            else
            {
                await AnswerAsync(context, 404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
            }
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client went away.
        }
    }

    private static async Task SendAsync(HttpListenerContext context, string type, byte[] bytes)
    {
        int start = StartOf(context.Request);
        if (start >= bytes.Length && start > 0)
        {
            await AnswerAsync(context, 416);
            return;
        }

        context.Response.StatusCode = start > 0 ? 206 : 200;
        if (start > 0)
            context.Response.AddHeader("Content-Range", $"bytes {start}-{bytes.Length - 1}/{bytes.Length}");
        context.Response.ContentType = type;
        context.Response.ContentLength64 = bytes.Length - start;
        if (context.Request.HttpMethod != "HEAD")
            await context.Response.OutputStream.WriteAsync(bytes.AsMemory(start));
        context.Response.Close();
    }
}
