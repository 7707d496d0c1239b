using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>Reads and makes files in a detached root file system; no symbolic link leads out of it.</summary>
internal static class RootReader
{
    /// <summary>A text file of the image that the host reads: more than that is no passwd file.</summary>
    private const int MaxFile = 4 << 20;

    /// <summary>The content of a regular file; empty when there is none.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: it is too long.</exception>
    public static string ReadText(SafeFileDescriptor root, string path)
    {
        // Looked at before it is opened: to open a FIFO may wait for ever, and to open a device may do anything (a watchdog's starts it).
        using SafeFileDescriptor? place = FileSystem.TryOpen(root, ContainerPath.Relative(path), OpenFlags.Path, ResolveFlags.InRoot);
        if (place is null || !FileSystem.Status(place).IsRegular) return "";
        try
        {
            using SafeFileDescriptor file = FileSystem.Open(PathBytes.Of(place), OpenFlags.ReadOnly);
            return Encoding.UTF8.GetString(FileSystem.ReadAll(file, MaxFile));
        }
        catch (SyscallException e) when (e.Errno == Errno.EFBIG)
        {
            throw RuntimeException.InvalidArgument($"{path} of the image is larger than {MaxFile} bytes.");
        }
    }

    /// <summary>What a path is, links followed; null when there is nothing.</summary>
    public static FileStatus? Status(SafeFileDescriptor root, string path)
    {
        using SafeFileDescriptor? file = FileSystem.TryOpen(root, ContainerPath.Relative(path), OpenFlags.Path, ResolveFlags.InRoot);
        return file is null ? null : FileSystem.Status(file);
    }

    /// <summary>Makes a folder and its parents, mode 0755, owned by root.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: something else is in the way, or the root is read-only.</exception>
    public static void EnsureFolder(SafeFileDescriptor root, string path)
    {
        string made = "";
        SafeFileDescriptor? folder = null;
        try
        {
            foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                string next = $"{made}/{part}";
                SafeFileDescriptor? child = Open(next) ?? Make(folder ?? root, part, next);
                folder?.Dispose();
                folder = child;
                made = next;
            }
        }
        catch (SyscallException e)
        {
            throw new RuntimeException(ErrorKind.InvalidArgument, $"working directory {path} does not exist and cannot be made: {e.Message}", e);
        }
        finally
        {
            folder?.Dispose();
        }

        SafeFileDescriptor? Open(string next) => FileSystem.TryOpen(root, ContainerPath.Relative(next), OpenFlags.Path | OpenFlags.Directory, ResolveFlags.InRoot);

        SafeFileDescriptor Make(SafeFileDescriptor parent, string name, string next)
        {
            FileSystem.MakeDirectory(parent, name, 0x1ed); // 0755
            return FileSystem.Open(root, ContainerPath.Relative(next), OpenFlags.Path | OpenFlags.Directory, ResolveFlags.InRoot);
        }
    }
}
