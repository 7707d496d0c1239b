using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>Mounts the content of an image, or a part of it, as a detached tree.</summary>
internal static class ImageVolumeMounter
{
    /// <exception cref="RuntimeException">The image has no such part, or the kernel refused; the start of the message is what the kubelet looks for.</exception>
    public static HostMount Mount(ImageVolume volume, MountOptions options)
    {
        try
        {
            SafeFileDescriptor image = RootfsMounter.Mount(volume.Mounts);
            try
            {
                MountChanges.Apply(image, options, MountPropagation.Private);
                if (volume.SubPath.Length == 0) return new HostMount(image, IsFolder: true);
            }
            catch
            {
                image.Dispose();
                throw;
            }

            using (image) return Part(image, volume);
        }
        catch (SyscallException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"ImageVolumeMountFailed: volume at {volume.Destination}: {e.Message}", e);
        }
    }

    private static HostMount Part(SafeFileDescriptor image, ImageVolume volume)
    {
        using SafeFileDescriptor part = FileSystem.TryOpen(image, volume.SubPath, OpenFlags.Path, ResolveFlags.InRoot)
            ?? throw RuntimeException.InvalidArgument($"ImageVolumeMountFailed: volume at {volume.Destination}: the image has no \"{volume.SubPath}\".");
        bool isFolder = FileSystem.Status(part).IsDirectory;
        try
        {
            return new HostMount(Mounts.CloneTree(part, "", AtFlags.EmptyPath), isFolder);
        }
        catch (SyscallException e) when (e.Errno == Errno.EINVAL)
        {
            return new HostMount(CloneAttached(image, part), isFolder);
        }
    }

    /// <summary>
    /// Before Linux 6.15 only what is attached in the caller's mount namespace can be cloned: so it is attached, in a namespace of a thread's own
    /// that nobody else ever sees.
    /// </summary>
    internal static SafeFileDescriptor CloneAttached(SafeFileDescriptor image, SafeFileDescriptor part)
    {
        SafeFileDescriptor? clone = null;
        SyscallException? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Processes.Unshare(CloneFlags.NewMount); // the thread's own from here on, and gone with it
                Mounts.SetPropagation("/", MountFlags.Recursive | MountFlags.Private);
                Mounts.Attach(image, SafeFileDescriptor.CurrentDirectory, "/proc");
                clone = Mounts.CloneTree(part, "", AtFlags.EmptyPath);
            }
            catch (SyscallException e)
            {
                failure = e;
            }
        }) { IsBackground = true, Name = "image volume" };
        thread.Start();
        thread.Join();
        return clone ?? throw failure!;
    }
}
