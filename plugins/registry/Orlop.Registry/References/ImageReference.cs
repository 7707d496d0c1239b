using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;

namespace Orlop.Registry.References;

/// <summary>A normalised image reference: <c>docker.io/library/busybox:1.36</c>.</summary>
/// <remarks>Grammar and normal form are those of github.com/distribution/reference, which users know from every other tool.</remarks>
internal sealed partial record ImageReference
{
    private const string DefaultDomain = "docker.io";
    private const string LegacyDefaultDomain = "index.docker.io";
    private const string OfficialRepositories = "library/";
    private const string DefaultTag = "latest";
    private const int MaxNameLength = 255;

    private ImageReference(string domain, string path, string? tag, Digest? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry, with its port where one is given: <c>docker.io</c>.</summary>
    public string Domain { get; }

    /// <summary>The repository within the registry: <c>library/busybox</c>.</summary>
    public string Path { get; }

    /// <summary>Null when the reference has a digest.</summary>
    public string? Tag { get; }

    public Digest? Digest { get; }

    /// <summary><c>docker.io/library/busybox</c>.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/>; the message quotes the text and says what is wrong.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out string? error) ? reference : throw RuntimeException.InvalidArgument($"\"{text}\" is no image reference: {error}");

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        reference = null;
        error = null;
        var match = Grammar().Match(text);
        if (!match.Success)
            error = Explain(text);
        else if (IsIdentifier(text))
            error = "64 hexadecimal digits are an image id, not a name";
        else if (match.Groups["digest"] is { Success: true, Value: var digestText } && !Digest.TryParse(digestText, out _))
            error = $"the digest \"{digestText}\" is not sha256: with 64 or sha512: with 128 lower-case hexadecimal digits";
        if (error is not null)
            return false;

        var (domain, path) = Split(match.Groups["name"].Value);
        if (!PathGrammar().IsMatch(path))
        {
            error = path.Any(char.IsAsciiLetterUpper) ? $"the repository \"{path}\" must be lower case" : $"\"{path}\" is no repository name";
            return false;
        }

        if (domain.Length + 1 + path.Length > MaxNameLength)
        {
            error = $"the name is longer than {MaxNameLength} characters";
            return false;
        }

        // A digest says which image it is; a tag beside it says nothing more.
        var digest = match.Groups["digest"].Success ? Digest.Parse(match.Groups["digest"].Value) : null;
        string? tag = digest is not null ? null : match.Groups["tag"].Success ? match.Groups["tag"].Value : DefaultTag;
        reference = new ImageReference(domain, path, tag, digest);
        return true;
    }

    public ImageReference WithDigest(Digest digest) => new(Domain, Path, null, digest);

    public override string ToString() => Digest is not null ? $"{Repository}@{Digest}" : $"{Repository}:{Tag}";

    private static (string Domain, string Path) Split(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : name[..slash];
        bool hasDomain = slash >= 0 && (first == "localhost" || first.AsSpan().ContainsAny('.', ':', '[') || first.Any(char.IsAsciiLetterUpper));
        string domain = hasDomain ? first : DefaultDomain;
        string path = hasDomain ? name[(slash + 1)..] : name;
        if (domain == LegacyDefaultDomain)
            domain = DefaultDomain;
        if (domain == DefaultDomain && !path.Contains('/', StringComparison.Ordinal))
            path = OfficialRepositories + path;
        return (domain, path);
    }

    private static bool IsIdentifier(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static string Explain(string text)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Any(char.IsWhiteSpace))
            return "it holds white space";
        if (text.Contains("://", StringComparison.Ordinal))
            return "it starts with a scheme; write only registry/repository:tag";
        return "it must read [registry[:port]/]repository[:tag][@digest]";
    }

    private const string DomainPattern =
        @"(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?";

    private const string PathPattern = @"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*";

    // The repository is checked on its own afterwards, for a better message.
    [GeneratedRegex(
        @"\A(?<name>(?:" + DomainPattern + @"/)?[a-zA-Z0-9][a-zA-Z0-9._/-]*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]+))?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"\A" + PathPattern + @"\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PathGrammar();
}
