using System.Text.Json.Serialization;

namespace Orlop.Registry.Auth;

/// <summary>A token server's answer; either name may hold the token.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("token")] string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in")] double? ExpiresIn);
