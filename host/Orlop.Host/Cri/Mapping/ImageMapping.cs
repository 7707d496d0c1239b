using System.Globalization;
using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Cri.V1;
using Image = Orlop.Abstractions.Images.Image;

namespace Orlop.Host.Cri.Mapping;

internal static class ImageMapping
{
    public static Orlop.Cri.V1.Image ToImage(Image image)
    {
        var wire = new Orlop.Cri.V1.Image
        {
            Id = image.Id,
            Size = (ulong)image.Size,
            Pinned = image.Pinned,
            Spec = new ImageSpec { Image = image.Id },
        };
        wire.RepoTags.AddRange(image.RepoTags);
        wire.RepoDigests.AddRange(image.RepoDigests);
        SetUser(wire, image.Configuration.Config?.User ?? "");
        return wire;
    }

    /// <summary>Credentials of a request; null when it has none.</summary>
    public static RegistryCredentials? ToCredentials(AuthConfig? auth)
    {
        if (auth is null) return null;
        string? username = NullIfEmpty(auth.Username), password = NullIfEmpty(auth.Password);
        if (username is null && auth.Auth.Length > 0) (username, password) = Decode(auth.Auth);
        var credentials = new RegistryCredentials
        {
            Username = username,
            Password = password,
            IdentityToken = NullIfEmpty(auth.IdentityToken),
            RegistryToken = NullIfEmpty(auth.RegistryToken),
            ServerAddress = NullIfEmpty(auth.ServerAddress),
        };
        return credentials is { Username: null, IdentityToken: null, RegistryToken: null } ? null : credentials;
    }

    /// <summary>The kubelet checks runAsNonRoot against these: a numeric user becomes the uid, no user is root, a name stays a name.</summary>
    private static void SetUser(Orlop.Cri.V1.Image wire, string user)
    {
        string name = user.Split(':', 2)[0];
        if (name.Length == 0) wire.Uid = new Int64Value { Value = 0 };
        else if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long uid)) wire.Uid = new Int64Value { Value = uid };
        else wire.Username = name;
    }

    private static (string User, string Password) Decode(string auth)
    {
        try
        {
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0').Split(':', 2);
            if (parts.Length == 2) return (parts[0], parts[1]);
        }
        catch (FormatException)
        {
            // Reported below, without the value: it is a secret.
        }

        throw RuntimeException.InvalidArgument("PullImage: auth.auth is not the base64 form of user:password");
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
