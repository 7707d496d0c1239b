using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>Mounts a root file system as a detached tree: no entry in the node's mount table, gone with its last descriptor (R19).</summary>
internal static class RootfsMounter
{
    private const string LowerFolder = "lowerdir+=";
    private const int LongestOption = 255;

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
            return MountJoined(mount);
        }
    }

    /// <summary>
    /// Before Linux 6.8 there is only one option with all lower folders, of 255 bytes at most: each is named by its descriptor.
    /// </summary>
    internal static SafeFileDescriptor MountJoined(RootfsMount mount)
    {
        var folders = new List<SafeFileDescriptor>();
        try
        {
            foreach (string option in mount.Options)
                if (option.StartsWith(LowerFolder, StringComparison.Ordinal)) folders.Add(FileSystem.Open(option[LowerFolder.Length..], OpenFlags.Path | OpenFlags.Directory));
            string joined = string.Join(':', folders.Select(folder => $"/proc/self/fd/{folder.Number}"));
            if (joined.Length > LongestOption)
                throw new RuntimeException(ErrorKind.FailedPrecondition, $"an overlay of {folders.Count} lower folders needs Linux 6.8 or later.");
            return Make(mount with { Options = [$"lowerdir={joined}", .. mount.Options.Where(option => !option.StartsWith(LowerFolder, StringComparison.Ordinal))] });
        }
        finally
        {
            folders.ForEach(folder => folder.Dispose());
        }
    }

    private static SafeFileDescriptor Make(RootfsMount mount)
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
