using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Snapshots.Trees;

/// <summary>Removes a file, or a folder with all that is in it, however deep: a container can nest deeper than a stack or a descriptor table reaches.</summary>
internal static class TreeRemover
{
    private const int MaxDepth = 64;

    /// <summary>Removes; no error when there is nothing. Links are removed, never followed.</summary>
    /// <exception cref="SyscallException">The kernel refuses, for example EPERM for an immutable file.</exception>
    public static void Remove(SafeFileDescriptor folder, ReadOnlySpan<byte> name)
    {
        while (!TryRemove(folder, name, folder, MaxDepth))
        {
        }
    }

    // False when something too deep was moved up to a place under the top folder's entry, so that another round is needed.
    private static bool TryRemove(SafeFileDescriptor folder, ReadOnlySpan<byte> name, SafeFileDescriptor top, int depth)
    {
        if (FileSystem.TryRemove(folder, name))
            return true;
        int errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.ENOENT)
            return true;
        if (errno is not (Errno.EISDIR or Errno.EPERM))
            throw new SyscallException("unlinkat", errno, $"\"{((PathBytes)name).ToString()}\"");

        using var child = FileSystem.TryOpen(folder, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (child is null)
            throw new SyscallException("unlinkat", errno, $"\"{((PathBytes)name).ToString()}\"");
        bool complete = Empty(child, top, depth);
        if (complete)
            FileSystem.Remove(folder, name, AtFlags.RemoveDirectory);
        return complete;
    }

    private static bool Empty(SafeFileDescriptor folder, SafeFileDescriptor top, int depth)
    {
        bool complete = true;
        foreach (byte[] name in FolderNames.Read(folder))
        {
            if (depth > 0)
            {
                complete &= TryRemove(folder, name, depth == MaxDepth ? folder : top, depth - 1);
            }
            else if (!FileSystem.TryRemove(folder, name))
            {
                // Too deep to go on here: next to the others below the top, the next round finds it.
                byte[] moved = System.Text.Encoding.ASCII.GetBytes($".removed-{Guid.NewGuid():n}");
                FileSystem.Rename(folder, name, top, moved);
                complete = false;
            }
        }

        return complete;
    }
}
