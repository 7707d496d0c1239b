using System.ComponentModel;
using Orlop.Host.Hosting;

namespace Orlop.Host.Plugins;

/// <summary>Whoever can write into a plugin's folder becomes the daemon's user: so only root may.</summary>
internal static class FolderTrust
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Checks the folder, everything in it, and the folder that it lies in.</summary>
    /// <exception cref="PluginException">Somebody else can change it; the message has the command that repairs it.</exception>
    public static void Check(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // Program Files is writable by administrators only; the ACL of another folder is the operator's

        string real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
        string parent = Path.GetDirectoryName(real)!;
        CheckOne(parent, repair: parent);
        CheckOne(real, repair: $"-R {real}");
        foreach (var entry in new DirectoryInfo(real).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            if (entry.ResolveLinkTarget(returnFinalTarget: true) is { } target && !target.FullName.StartsWith(real + '/', StringComparison.Ordinal))
                throw PluginException.Failed($"{entry.FullName} is a link to {target.FullName}, out of the plugin's folder; copy the file instead");

            CheckOne(entry.FullName, repair: $"-R {real}");
        }
    }

    private static void CheckOne(string path, string repair)
    {
        (uint uid, var mode) = StatusOf(path);
        if (uid != 0 && uid != Posix.EffectiveUser())
            throw PluginException.Failed($"{path} belongs to user {uid}, who could put any code into it; run: chown root:root {repair}");
        if ((mode & WritableByOthers) != UnixFileMode.None)
            throw PluginException.Failed($"{path} is writable by others (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}); run: chmod go-w {repair}");
    }

    private static (uint Uid, UnixFileMode Mode) StatusOf(string path)
    {
        try
        {
            return Posix.OwnerOf(path);
        }
        catch (Win32Exception e)
        {
            throw PluginException.Failed($"cannot look at {path}: {e.Message}");
        }
    }
}
