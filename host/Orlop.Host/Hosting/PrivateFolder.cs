using Orlop.Abstractions.Errors;

namespace Orlop.Host.Hosting;

/// <summary>Folders that only the daemon's user may enter (R24).</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder with mode 0700, or takes the rights of others from one that exists.</summary>
    /// <exception cref="RuntimeException">The folder cannot be made.</exception>
    public static string Ensure(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                return Directory.CreateDirectory(path).FullName;

            var folder = Directory.CreateDirectory(path, OwnerOnly);
            if (folder.UnixFileMode != OwnerOnly)
                folder.UnixFileMode = OwnerOnly;
            return folder.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"cannot make the folder {path} with mode 0700: {e.Message}");
        }
    }
}
