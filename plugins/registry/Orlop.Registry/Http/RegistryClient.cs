using System.Net;
using System.Net.Http.Headers;
using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;
using Orlop.Registry.Auth;
using Orlop.Registry.Hosts;
using Orlop.Registry.Manifests;
using Orlop.Registry.References;
using Polly;

namespace Orlop.Registry.Http;

/// <summary>Asks for the content of one repository: its mirrors in turn, then the registry itself (OCI distribution spec, "Pull").</summary>
internal sealed class RegistryClient(
    ImageReference image, IReadOnlyList<RegistryHost> hosts, RegistryHttp http, RegistryAuthorizer authorizer, TimeProvider time, RegistryLimits limits) : IDisposable
{
    private const int MaxChallenges = 2;

    private readonly string _scope = $"repository:{image.Path}:pull";

    private readonly Patience _patience = new(limits.ResponseTimeout, time);

    // A mirror gets one chance; the last host is asked again.
    private readonly ResiliencePipeline<HttpResponseMessage> _patient = RetryPolicy.Create(time, limits.Retries, limits.RetryDelay);

    /// <summary>The digest that a tag stands for now, where the registry tells it without sending the manifest; else null.</summary>
    public async Task<Digest?> ResolveAsync(string tag, CancellationToken cancellationToken)
    {
        return await FromAnyHostAsync(HostCapabilities.Resolve, $"manifest {tag}", async host =>
        {
            using var response = await AskAsync(host, $"manifests/{tag}", $"manifest {tag}", AcceptManifests(HttpMethod.Head), cancellationToken);
            return NamedDigest(response);
        });
    }

    /// <summary>A manifest or index by tag or digest.</summary>
    public async Task<ManifestResponse> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken)
    {
        var expected = Digest.TryParse(tagOrDigest, out var parsed) ? parsed : null;
        return await FromAnyHostAsync(expected is null ? HostCapabilities.Resolve : HostCapabilities.Pull, $"manifest {tagOrDigest}", async host =>
        {
            using var response = await AskAsync(host, $"manifests/{tagOrDigest}", $"manifest {tagOrDigest}", AcceptManifests(HttpMethod.Get), cancellationToken);
            byte[] bytes = await _patience.WaitAsync(host.Name, token => LimitedBody.ReadAsync(response, limits.ManifestSize, $"manifest {tagOrDigest}", token), cancellationToken);
            var wanted = expected ?? NamedDigest(response);
            var actual = DigestOf(bytes, wanted?.Algorithm ?? DigestAlgorithm.Sha256);
            if (wanted is not null && wanted != actual)
                throw new RegistryException(ErrorKind.DataLoss, $"{host.Name} sent a manifest with the digest {actual} for {wanted}");
            return new ManifestResponse(response.Content.Headers.ContentType?.MediaType ?? "", bytes, actual);
        });
    }

    /// <summary>A blob from some byte on, or from its start where the registry does not serve ranges.</summary>
    public async Task<BlobResponse> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        return await FromAnyHostAsync(HostCapabilities.Pull, $"blob {digest}", async host =>
        {
            var response = await AskForBlobAsync(host, digest, offset, cancellationToken);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // The blob ends before: what is here of it is wrong.
                response.Dispose();
                response = await AskForBlobAsync(host, digest, 0, cancellationToken);
            }

            try
            {
                long start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? -1 : 0;
                if (start != 0 && start != offset)
                    throw new RegistryException(ErrorKind.Unavailable, $"{host.Name} sent blob {digest} from byte {start} on, not from {offset}");
                return new BlobResponse(response, await response.Content.ReadAsStreamAsync(cancellationToken), start);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        });
    }

    public void Dispose() => authorizer.Dispose();

    private Task<HttpResponseMessage> AskForBlobAsync(RegistryHost host, Digest digest, long offset, CancellationToken cancellationToken) => AskAsync(
        host, $"blobs/{digest}", $"blob {digest}", request => request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null, cancellationToken);

    private static Action<HttpRequestMessage> AcceptManifests(HttpMethod method) => request =>
    {
        request.Method = method;
        foreach (string type in MediaTypes.Manifests)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
    };

    private static Digest? NamedDigest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.FirstOrDefault(), out var digest) ? digest : null;

    private static Digest DigestOf(byte[] bytes, DigestAlgorithm algorithm)
    {
        using var hash = new DigestHash(algorithm);
        hash.Append(bytes);
        return hash.Finish();
    }

    // The error of the registry itself counts; those of mirrors explain why it was asked at all.
    private async Task<T> FromAnyHostAsync<T>(HostCapabilities capability, string what, Func<RegistryHost, Task<T>> ask)
    {
        var failures = new List<RegistryException>();
        foreach (var host in hosts.Where(h => h.Capabilities.HasFlag(capability)))
        {
            try
            {
                return await ask(host);
            }
            catch (RegistryException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count == 0)
            throw new RegistryException(ErrorKind.FailedPrecondition, $"no host of {image.Domain} may be asked for {what}; see \"capabilities\" in its hosts.toml");
        var last = failures[^1];
        return failures.Count == 1
            ? throw last
            : throw new RegistryException(last.Kind, $"{last.Message} (before it: {string.Join("; ", failures.SkipLast(1).Select(f => f.Message))})", last);
    }

    private async Task<HttpResponseMessage> AskAsync(
        RegistryHost host, string path, string what, Action<HttpRequestMessage> configure, CancellationToken cancellationToken)
    {
        string query = host.Namespace is { } ns ? $"?ns={Uri.EscapeDataString(ns)}" : "";
        var uri = new Uri($"{host.Base.ToString().TrimEnd('/')}/{image.Path}/{path}{query}");
        bool isLast = ReferenceEquals(host, hosts[^1]);
        var response = isLast
            ? await _patient.ExecuteAsync(async token => await AuthorizedAsync(host, uri, configure, token), cancellationToken)
            : await AuthorizedAsync(host, uri, configure, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return response;
        using (response)
            throw await RefusedAsync(host, response, what, cancellationToken);
    }

    private async Task<HttpResponseMessage> AuthorizedAsync(RegistryHost host, Uri uri, Action<HttpRequestMessage> configure, CancellationToken cancellationToken)
    {
        for (int challenges = 0; ; challenges++)
        {
            var authorization = await authorizer.HeaderAsync(host, _scope, cancellationToken);
            var response = await _patience.WaitAsync(host.Name, token => http.SendAsync(host, uri, configure, authorization, token), cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || challenges == MaxChallenges || !authorizer.TryLearn(host, _scope, response))
                return response;
            response.Dispose();
        }
    }

    private async Task<RegistryException> RefusedAsync(RegistryHost host, HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        string said = await _patience.WaitAsync(host.Name, token => ErrorBody.ReadAsync(response, token), cancellationToken);
        var (kind, advice) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => (ErrorKind.Unauthenticated, "; check credentials"),
            HttpStatusCode.Forbidden => (ErrorKind.PermissionDenied, "; check credentials"),
            HttpStatusCode.NotFound => (ErrorKind.NotFound, "; check the name and the tag, or credentials where the repository is private"),
            HttpStatusCode.TooManyRequests => (ErrorKind.Unavailable, "; the registry limits how often it may be asked"),
            >= HttpStatusCode.InternalServerError => (ErrorKind.Unavailable, ""),
            _ => (ErrorKind.InvalidArgument, ""),
        };
        return new RegistryException(kind, $"registry {host.Name} answered {(int)response.StatusCode} for {what}{(said.Length == 0 ? "" : $": {said}")}{advice}");
    }
}
