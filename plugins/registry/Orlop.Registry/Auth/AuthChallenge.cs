using System.Net.Http.Headers;

namespace Orlop.Registry.Auth;

/// <summary>How a host wants to be asked; RFC 9110, 11.3, and the distribution project's token specification.</summary>
/// <param name="IsBearer">A token of <see cref="Realm"/>; else a name and a password.</param>
/// <param name="Realm">Where tokens are.</param>
/// <param name="Service">For whom the token shall be.</param>
/// <param name="Scope">What the token shall allow; null when the host does not say.</param>
internal sealed record AuthChallenge(bool IsBearer, string Realm, string? Service, string? Scope)
{
    /// <summary>The best challenge that can be met; null when there is none.</summary>
    public static AuthChallenge? From(HttpResponseMessage response)
    {
        AuthChallenge? basic = null;
        foreach (var header in response.Headers.WwwAuthenticate)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var parameters = Parameters(header);
                return new AuthChallenge(true, parameters.GetValueOrDefault("realm") ?? "", parameters.GetValueOrDefault("service"), parameters.GetValueOrDefault("scope"));
            }

            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
                basic = new AuthChallenge(false, "", null, null);
        }

        return basic;
    }

    private static Dictionary<string, string> Parameters(AuthenticationHeaderValue header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = header.Parameter.AsSpan();
        while (true)
        {
            rest = rest.TrimStart(" ,\t");
            int equals = rest.IndexOf('=');
            if (equals < 0)
                return parameters;
            string name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..].TrimStart();
            parameters.TryAdd(name, rest.StartsWith("\"") ? Quoted(ref rest) : Token(ref rest));
        }
    }

    private static string Token(ref ReadOnlySpan<char> rest)
    {
        int comma = rest.IndexOf(',');
        var value = comma < 0 ? rest : rest[..comma];
        rest = rest[value.Length..];
        return value.Trim().ToString();
    }

    private static string Quoted(ref ReadOnlySpan<char> rest)
    {
        var value = new System.Text.StringBuilder();
        int i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length)
                i++;
            value.Append(rest[i]);
        }

        rest = rest[Math.Min(i + 1, rest.Length)..];
        return value.ToString();
    }
}
