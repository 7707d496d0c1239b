namespace Orlop.Abstractions.Images;

/// <summary>Credentials for one registry; CRI <c>AuthConfig</c>. Its text form hides every secret.</summary>
public sealed record RegistryCredentials
{
    /// <summary>The user's name.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A refresh token that is exchanged for an access token (OAuth 2).</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A token that is sent to the registry as it is.</summary>
    public string? RegistryToken { get; init; }

    /// <summary>The registry that they are for; null means whichever is asked.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>The user's name at most.</summary>
    public override string ToString() => $"credentials of {(string.IsNullOrEmpty(Username) ? "a token" : Username)}";
}
