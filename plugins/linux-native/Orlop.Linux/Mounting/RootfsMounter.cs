using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>Mounts a root file system as a detached tree: no entry in the node's mount table, gone with its last descriptor (R19).</summary>
internal static class RootfsMounter
{
    private const string LowerFolder = "lowerdir+=";

    /// <exception cref="RuntimeException">The kernel refused; the message names the mount.</exception>
    public static SafeFileDescriptor Mount(IReadOnlyList<RootfsMount> mounts)
    {
        if (mounts.Count != 1)
            throw RuntimeException.InvalidArgument($"a root file system of {mounts.Count} mounts is not supported by linux-native; one mount is.");
        RootfsMount mount = mounts[0];
        try
        {
            return mount.Type == "bind" ? Bind(mount) : mount.Type == "overlay" ? Overlay(mount) : Make(mount);
        }
        catch (SyscallException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"cannot mount the root file system ({mount.Type} {mount.Source}): {e.Message}", e);
        }
    }

    private static SafeFileDescriptor Bind(RootfsMount mount)
    {
        MountOptions options = MountOptions.Parse(mount.Options, "/");
        SafeFileDescriptor tree = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, mount.Source, AtFlags.None);
        try
        {
            MountChanges.Apply(tree, options, MountPropagation.Private);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static SafeFileDescriptor Overlay(RootfsMount mount)
    {
        try
        {
            return Make(mount);
        }
        catch (SyscallException e) when (e.Errno == Errno.EINVAL && mount.Options.Any(option => option.StartsWith(LowerFolder, StringComparison.Ordinal)))
        {
            return JoinedOverlay.Mount(mount);
        }
    }

    /// <summary>Mounts with fsopen(2).</summary>
    internal static SafeFileDescriptor Make(RootfsMount mount)
    {
        MountOptions options = MountOptions.Parse(mount.Options, "/");
        using FileSystemContext context = Mounts.OpenFileSystem(mount.Type);
        context.Set("source", mount.Source);
        foreach (string option in options.Data)
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) context.Set(option[..equals], option[(equals + 1)..]);
            else context.SetFlag(option);
        }
        return context.Mount(options.Change.Set);
    }
}
