using Orlop.Abstractions.Errors;

namespace Orlop.Host.Hosting;

/// <summary>The daemon's folders, closed to other users (R24).</summary>
internal static class HostFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traverse = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder with mode 0700, or takes the rights of others from one that exists.</summary>
    /// <exception cref="RuntimeException">The folder cannot be made.</exception>
    public static string EnsurePrivate(string path)
    {
        var folder = Make(path, Owner);
        if (!OperatingSystem.IsWindows() && folder.UnixFileMode != Owner)
            folder.UnixFileMode = Owner;
        return folder.FullName;
    }

    /// <summary>Makes the folder with mode 0711 where it is missing: others may reach the socket in it, and list nothing.</summary>
    /// <exception cref="RuntimeException">The folder cannot be made.</exception>
    public static string EnsureTraversable(string path)
    {
        if (Directory.Exists(path))
            return path;

        var folder = Make(path, Owner);
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = Owner | Traverse; // past the umask
        return folder.FullName;
    }

    private static DirectoryInfo Make(string path, UnixFileMode mode)
    {
        try
        {
            return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"cannot make the folder {path}: {e.Message}{Posix.RootHint}");
        }
    }
}
