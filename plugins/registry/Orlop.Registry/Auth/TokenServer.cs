using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Registry.Hosts;
using Orlop.Registry.Http;

namespace Orlop.Registry.Auth;

/// <summary>Gets tokens as a challenge asks (distribution project, "Token Authentication Specification" and "Oauth2 Token Authentication").</summary>
internal sealed class TokenServer(RegistryHttp http, TimeProvider time, RegistryLimits limits)
{
    private readonly Patience _patience = new(limits.ResponseTimeout, time);

    private const int MaxAnswer = 1 << 20;
    private const string ClientId = "orlop";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60); // what the specification says when expires_in is missing
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    /// <param name="host">The registry that asked.</param>
    /// <param name="challenge">What it asked for.</param>
    /// <param name="scope">What the token shall allow.</param>
    /// <param name="credentials">Null for an anonymous token.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<AccessToken> GetAsync(
        RegistryHost host, AuthChallenge challenge, string scope, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
            throw new RegistryException(ErrorKind.Unavailable, $"{host.Name} names \"{challenge.Realm}\" as its token server, which is no http address");
        if (credentials is not null && realm.Scheme == "http" && host.Base.Scheme == "https")
            throw new RegistryException(ErrorKind.PermissionDenied, $"{host.Name} wants credentials sent in the clear, to {realm.Authority}");

        string? refreshToken = credentials?.IdentityToken;
        var tokenHost = host with { Headers = [], Base = realm };
        return await _patience.WaitAsync($"token server {realm.Authority}", AskAsync, cancellationToken);

        async Task<AccessToken> AskAsync(CancellationToken token)
        {
            using var response = string.IsNullOrEmpty(refreshToken)
                ? await http.SendAsync(tokenHost, WithQuery(realm, challenge, scope, credentials), _ => { }, Basic(credentials), token)
                : await http.SendAsync(tokenHost, realm, request => Refresh(request, challenge, scope, refreshToken), null, token);
            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(realm, response, credentials, token);
            return await ReadAsync(realm, response, token);
        }
    }

    public static AuthenticationHeaderValue? Basic(RegistryCredentials? credentials) =>
        string.IsNullOrEmpty(credentials?.Username)
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    private static Uri WithQuery(Uri realm, AuthChallenge challenge, string scope, RegistryCredentials? credentials)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        Append(query, "service", challenge.Service);
        foreach (string one in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Append(query, "scope", one);
        Append(query, "account", credentials?.Username);
        return new UriBuilder(realm) { Query = query.ToString() }.Uri;
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static void Refresh(HttpRequestMessage request, AuthChallenge challenge, string scope, string refreshToken)
    {
        request.Method = HttpMethod.Post;
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
            ["client_id"] = ClientId,
            ["service"] = challenge.Service ?? "",
            ["scope"] = scope,
        });
    }

    private static async Task<RegistryException> RefusedAsync(
        Uri realm, HttpResponseMessage response, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        string said = await ErrorBody.ReadAsync(response, cancellationToken);
        string advice = credentials is null ? "the image may need credentials (imagePullSecrets)" : "check credentials";
        return status is 429 or >= 500
            ? new RegistryException(ErrorKind.Unavailable, $"token server {realm.Authority} answered {status}{Quote(said)}")
            : new RegistryException(credentials is null ? ErrorKind.Unauthenticated : ErrorKind.PermissionDenied, $"token server {realm.Authority} answered {status}{Quote(said)}; {advice}");
    }

    private async Task<AccessToken> ReadAsync(Uri realm, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await LimitedBody.ReadAsync(response, MaxAnswer, $"token of {realm.Authority}", cancellationToken);
        try
        {
            var answer = JsonSerializer.Deserialize(body, AuthJson.Default.TokenAnswer);
            string? token = string.IsNullOrEmpty(answer?.Token) ? answer?.AccessToken : answer.Token;
            if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAny('\r', '\n'))
                throw new RegistryException(ErrorKind.Unavailable, $"token server {realm.Authority} answered without a token");
            var lifetime = answer!.ExpiresIn is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, 86400)) : DefaultLifetime;
            return new AccessToken(token, time.GetUtcNow() + lifetime - (lifetime > 2 * Reserve ? Reserve : TimeSpan.Zero));
        }
        catch (JsonException e)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"token server {realm.Authority} answered with something that is no JSON token", e);
        }
    }

    private static string Quote(string said) => said.Length == 0 ? "" : $": {said}";
}
