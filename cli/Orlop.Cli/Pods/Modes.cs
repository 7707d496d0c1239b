namespace Orlop.Cli.Pods;

/// <summary>Permissions of files that the CLI makes for a pod, whatever the umask; Windows has none of this kind.</summary>
internal static class Modes
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Writers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>rwx------</summary>
    public const UnixFileMode PrivateFolder = Owner | UnixFileMode.UserExecute;

    /// <summary>rwxr-xr-x</summary>
    public const UnixFileMode PublicFolder = PrivateFolder | Readers | Enter;

    /// <summary>rwxrwxrwx</summary>
    public const UnixFileMode SharedFolder = PublicFolder | Writers;

    /// <summary>rw-r--r--</summary>
    public const UnixFileMode PublicFile = Owner | Readers;

    /// <summary>rw-rw-rw-</summary>
    public const UnixFileMode SharedFile = PublicFile | Writers;

    public static void CreateFolder(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        Set(path, mode);
    }

    public static void CreateFile(string path, string content, UnixFileMode mode)
    {
        File.WriteAllText(path, content);
        Set(path, mode);
    }

    private static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
