namespace Orlop.Registry.Auth;

/// <summary>A token and until when it is good. Its text form hides it.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset Expires)
{
    public override string ToString() => $"a token until {Expires:O}";
}
