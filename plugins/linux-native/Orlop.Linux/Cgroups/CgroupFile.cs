using System.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>The files of a cgroup: small texts whose size nobody knows before reading.</summary>
internal static class CgroupFile
{
    public static string Read(string path)
    {
        using SafeFileDescriptor file = FileSystem.Open(path, OpenFlags.ReadOnly);
        return Encoding.UTF8.GetString(FileSystem.ReadAll(file));
    }

    /// <summary>The content, or null where the kernel has no such file or its cgroup or process is gone.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ESRCH or Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    /// <exception cref="SyscallException">The message names the file and the value.</exception>
    public static void Write(string path, string value)
    {
        using SafeFileDescriptor file = FileSystem.Open(path, OpenFlags.WriteOnly);
        try
        {
            FileSystem.Write(file, Encoding.UTF8.GetBytes(value));
        }
        catch (SyscallException e)
        {
            throw new SyscallException("write", e.Errno, $"'{value}' to \"{path}\"");
        }
    }

    public static bool Exists(string path) => FileSystem.TryStatus(SafeFileDescriptor.CurrentDirectory, path, out _);
}
