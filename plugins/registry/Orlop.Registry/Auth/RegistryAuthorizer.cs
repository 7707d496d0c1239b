using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Orlop.Abstractions.Images;
using Orlop.Registry.Hosts;

namespace Orlop.Registry.Auth;

/// <summary>Remembers, for one pull, what each host asked for and the tokens that were given. Nothing of it outlives the pull.</summary>
internal sealed class RegistryAuthorizer(TokenServer tokens, RegistryCredentials? credentials, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, AuthChallenge> _challenges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Host, string Scope), AccessToken> _tokens = new();
    private readonly SemaphoreSlim _fetching = new(1, 1); // parallel layers share one token

    /// <summary>What to send to a host; null before it asked.</summary>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(RegistryHost host, string scope, CancellationToken cancellationToken)
    {
        var own = CredentialsFor(host);
        if (!_challenges.TryGetValue(host.Name, out var challenge))
            return null;
        if (!string.IsNullOrEmpty(own?.RegistryToken))
            return new AuthenticationHeaderValue("Bearer", own.RegistryToken);
        if (!challenge.IsBearer)
            return TokenServer.Basic(own);

        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (!_tokens.TryGetValue((host.Name, scope), out var token) || token.Expires <= time.GetUtcNow())
                _tokens[(host.Name, scope)] = token = await tokens.GetAsync(host, challenge, challenge.Scope ?? scope, HasSecret(own) ? own : null, cancellationToken);
            return new AuthenticationHeaderValue("Bearer", token.Value);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>Takes note of a 401.</summary>
    /// <returns>False when asking again cannot help.</returns>
    public bool TryLearn(RegistryHost host, string scope, HttpResponseMessage response)
    {
        if (AuthChallenge.From(response) is not { } challenge)
            return false;
        var own = CredentialsFor(host);
        if (!challenge.IsBearer && string.IsNullOrEmpty(own?.Username) && string.IsNullOrEmpty(own?.RegistryToken))
            return false;
        _challenges[host.Name] = challenge;
        _tokens.TryRemove((host.Name, scope), out _); // expired early, or taken back
        return true;
    }

    public void Dispose() => _fetching.Dispose();

    private static bool HasSecret(RegistryCredentials? own) => !string.IsNullOrEmpty(own?.Username) || !string.IsNullOrEmpty(own?.IdentityToken);

    // Credentials that name their registry go nowhere else.
    private RegistryCredentials? CredentialsFor(RegistryHost host)
    {
        if (string.IsNullOrEmpty(credentials?.ServerAddress))
            return credentials;
        string address = credentials.ServerAddress;
        if (!address.Contains("://", StringComparison.Ordinal))
            address = "https://" + address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return null;
        return uri.Authority == host.Name || uri.Authority == host.Namespace || (IsDockerHub(uri.Authority) && IsDockerHub(host.Name)) ? credentials : null;
    }

    private static bool IsDockerHub(string host) => host is "docker.io" or "index.docker.io" or "registry-1.docker.io";
}
