using System.Text;

namespace Orlop.Host.Configuration;

/// <summary>What a value must be beyond its type. Each rule returns what it expects and the next step, or null when it is content.</summary>
internal static class ConfigRules
{
    /// <summary>Bytes in <c>sockaddr_un.sun_path</c> without the closing zero; see unix(7).</summary>
    private const int MaxSocketPath = 107;

    private const int LongestTimeout = 3600;

    public static string? SocketPath(string path) => AbsolutePath(path) is { } objection
        ? objection
        : Encoding.UTF8.GetByteCount(path) is var length and > MaxSocketPath
            ? $"expected at most {MaxSocketPath} bytes, which is what the kernel takes for a unix socket, and this has {length}: choose a shorter folder"
            : null;

    public static string? AbsolutePath(string path) => path switch
    {
        "" => "expected an absolute path, and this is empty",
        _ when path.Contains('\0', StringComparison.Ordinal) => "expected an absolute path without a zero byte",
        _ when !Path.IsPathRooted(path) => $"expected an absolute path: write \"/{path.TrimStart('.', '/')}\" or another path from the root",
        _ => null,
    };

    public static string? Gid(long gid) => gid is >= 0 and < uint.MaxValue
        ? null
        : $"expected a group id from 0 to {uint.MaxValue - 1}; getent group shows the ids of groups";

    public static string? Timeout(long seconds) => seconds is >= 1 and <= LongestTimeout ? null : $"expected 1 to {LongestTimeout} seconds";

    /// <summary>The time of a <see cref="Timeout"/>; also of one that was refused, which may be any number.</summary>
    public static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestTimeout));

    public static string? PlugPointName(string name) => name.Trim().Length == 0
        ? "expected the name of a plug point; orlop plugins lists them"
        : null;

    /// <summary>The name of a RuntimeClass's handler is a DNS label (RFC 1123).</summary>
    public static string? HandlerName(string name) =>
        name.Length is > 0 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-'
            ? null
            : "a handler's name has 1 to 63 lower-case letters, digits and inner '-', as RuntimeClass.handler wants it";
}
