using System.Net;
using Orlop.Testing.Nodes;

namespace Orlop.Testing.Registry;

/// <summary>
/// A registry inside a node that misbehaves as its test says, and passes everything else on to the node's good one:
/// what <see cref="Node.PushAsync"/> pushed is here under another name.
/// </summary>
public sealed class BadRegistry : IAsyncDisposable
{
    private readonly Node _node;
    private readonly HttpListener _listener;
    private readonly Task _loop; // owned: awaited on dispose

    private BadRegistry(Node node, HttpListener listener, string name)
    {
        _node = node;
        _listener = listener;
        Name = name;
        _loop = ServeAsync();
    }

    /// <summary>How the node names it, for example <c>localhost:5009</c>.</summary>
    public string Name { get; }

    /// <summary>Sees each request first; true when it has answered. Null for a registry that behaves.</summary>
    public Func<HttpListenerContext, Task<bool>>? Misbehave { get; set; }

    /// <summary>Starts it on a port of its own and tells the node of it.</summary>
    public static async Task<BadRegistry> StartAsync(Node node, int port)
    {
        var listener = new HttpListener { IgnoreWriteExceptions = true, Prefixes = { $"http://*:{port}/" } };
        await node.Namespaces.OnThreadInsideAsync(listener.Start);
        var name = $"localhost:{port}";
        node.Folder.WriteHost(name, $"http://{name}");
        return new BadRegistry(node, listener, name);
    }

    /// <summary>Answers with a status and a text, and asks for no patience.</summary>
    public static async Task<bool> AnswerAsync(HttpListenerContext context, int status, string body = "", Action<HttpListenerResponse>? change = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.AddHeader("Retry-After", "0");
        change?.Invoke(context.Response);
        if (context.Request.HttpMethod != "HEAD")
        {
            await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
        }

        context.Response.Close();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _loop;
    }

    private async Task ServeAsync()
    {
        var requests = new List<Task>();
        while (true)
        {
            try
            {
                requests.Add(HandleAsync(await _listener.GetContextAsync()));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(requests);
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            if (Misbehave is { } misbehave && await misbehave(context))
            {
                return;
            }

            using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), context.Request.RawUrl);
            foreach (var type in context.Request.Headers.GetValues("Accept") ?? [])
            {
                request.Headers.TryAddWithoutValidation("Accept", type);
            }

            using var answer = await _node.Registry.Http.SendAsync(request);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString() ?? "";
            if (answer.Headers.TryGetValues("Docker-Content-Digest", out var digest))
            {
                context.Response.AddHeader("Docker-Content-Digest", digest.First());
            }

            if (context.Request.HttpMethod != "HEAD")
            {
                await answer.Content.CopyToAsync(context.Response.OutputStream);
            }

            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went away, or the registry was ended.
        }
    }
}
