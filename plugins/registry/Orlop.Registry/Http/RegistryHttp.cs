using System.Net;
using System.Net.Http.Headers;
using Orlop.Abstractions.Errors;
using Orlop.Registry.Hosts;

namespace Orlop.Registry.Http;

/// <summary>Sends one request to a host and follows its redirects; knows nothing of credentials but where they may not go.</summary>
internal sealed class RegistryHttp(HttpTransports transports)
{
    private const int MaxRedirects = 10;

    private static readonly ProductInfoHeaderValue UserAgent = new("orlop", typeof(RegistryHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <summary>The answer to a request, whatever its status; its body is not read yet.</summary>
    /// <param name="host">Decides on certificates and headers.</param>
    /// <param name="uri">What is asked for.</param>
    /// <param name="configure">Adds method, headers and content; called again for each redirect.</param>
    /// <param name="authorization">Sent to this host only.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RegistryException"><see cref="ErrorKind.Unavailable"/> when the host cannot be reached, or redirects without end.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        RegistryHost host, Uri uri, Action<HttpRequestMessage> configure, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var target = uri;
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage { RequestUri = target };
            request.Headers.UserAgent.Add(UserAgent);
            configure(request);
            if (IsSameOrigin(uri, target))
            {
                foreach (var (name, value) in host.Headers)
                    request.Headers.TryAddWithoutValidation(name, value);
                request.Headers.Authorization ??= authorization;
            }

            var response = await SendOnceAsync(host, request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
                return response;

            response.Dispose();
            target = new Uri(target, location);
            if (redirects == MaxRedirects || target.Scheme is not ("http" or "https"))
                throw new RegistryException(ErrorKind.Unavailable, $"{host.Name} redirects too often, or to an address that is not http (last to {target.Scheme}://{target.Authority})");
        }
    }

    public static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port;

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryHost host, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await transports.For(host.Tls).SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            // The address without its query, which may hold a signature.
            throw new RegistryException(ErrorKind.Unavailable, $"cannot reach {request.RequestUri!.Scheme}://{request.RequestUri.Authority}: {Reason(e, request.RequestUri.Host)}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"cannot reach {request.RequestUri!.Authority}: connecting took longer than {host.Tls.DialTimeout.TotalSeconds:0.#} s", e);
        }
    }

    private static string Reason(HttpRequestException failure, string host)
    {
        // The words of the system are those of errno, where getaddrinfo(3) has its own: "Resource temporarily unavailable".
        if (failure.HttpRequestError == HttpRequestError.NameResolutionError)
            return $"the name {host} cannot be resolved; check it, and the node's DNS";

        Exception e = failure;
        while (e.InnerException is { } inner)
            e = inner;
        return e.Message;
    }
}
