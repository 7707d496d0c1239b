using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Containers;

/// <summary>The environment of a container's processes.</summary>
internal static class ContainerEnvironment
{
    /// <summary>Adds HOME from the passwd file where nobody set it.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: an entry that is none, or a home that spans lines.</exception>
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> environment, string home)
    {
        bool hasHome = false;
        foreach (string entry in environment)
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) < 1 || entry.Contains('\0', StringComparison.Ordinal))
                throw RuntimeException.InvalidArgument($"environment entry \"{entry}\" is not NAME=value.");
            if (!entry.StartsWith("HOME=", StringComparison.Ordinal)) continue;
            // Tools write it into line-based files such as /etc/passwd.
            if (entry.Contains('\n', StringComparison.Ordinal)) throw RuntimeException.InvalidArgument("environment entry HOME holds a newline.");
            hasHome = true;
        }
        return hasHome ? environment : [.. environment, $"HOME={home}"];
    }
}
