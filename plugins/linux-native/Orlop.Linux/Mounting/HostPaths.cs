using Orlop.Abstractions.Errors;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>The paths of the node, for work within <see cref="HostPathOpener.RunAsync"/>.</summary>
/// <param name="helper">Makes the calls.</param>
/// <param name="stillHangs">Whether an earlier attempt still waits for a path; nobody gains from one more.</param>
internal sealed class HostPaths(IPathHelper helper, Func<string, bool> stillHangs)
{
    private volatile string _current = "";

    /// <summary>The path that is being touched.</summary>
    public string Current => _current;

    /// <summary>What a path is; null when there is nothing.</summary>
    public FileStatus? Status(string path, bool followLink = true)
    {
        PathReply reply = Ask(new PathRequest(followLink ? PathOperation.Status : PathOperation.StatusOfLink, path), path, out _);
        return reply.Errno switch
        {
            0 => reply.Status,
            Errno.ENOENT or Errno.ENOTDIR => null,
            _ => throw new SyscallException("statx", reply.Errno, $"\"{path}\""),
        };
    }

    /// <summary>What a path is within a tree of the node, which no link leads out of; null when there is nothing.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="path">Relative to its root.</param>
    /// <param name="name">What to call it.</param>
    public FileStatus? StatusIn(SafeFileDescriptor tree, string path, string name)
    {
        PathReply reply = Ask(new PathRequest(PathOperation.Status, path), name, out _, tree);
        return reply.Errno == 0 ? reply.Status : null;
    }

    /// <summary>Opens a folder; null when there is none.</summary>
    public SafeFileDescriptor? TryOpenFolder(string path)
    {
        PathReply reply = Ask(new PathRequest(PathOperation.OpenFolder, path), path, out SafeFileDescriptor? folder);
        return reply.Errno is 0 or Errno.ENOENT or Errno.ENOTDIR ? folder : throw new SyscallException("open", reply.Errno, $"\"{path}\"");
    }

    /// <summary>The names in a folder.</summary>
    public IReadOnlyList<string> Names(string path)
    {
        PathReply reply = Ask(new PathRequest(PathOperation.Names, path), path, out _);
        return reply.Errno == 0 ? reply.Names : throw new SyscallException("getdents", reply.Errno, $"\"{path}\"");
    }

    /// <summary>Clones a tree with the options of its mount.</summary>
    /// <exception cref="RuntimeException">The path does not exist, or cannot propagate as asked.</exception>
    public HostMount Clone(string source, string destination, MountOptions options)
    {
        try
        {
            CheckPropagation(source, destination, options);
            PathReply reply = Ask(
                new PathRequest(options.BindRecursive ? PathOperation.CloneTreeRecursively : PathOperation.CloneTree, source), source, out SafeFileDescriptor? tree);
            if (tree is null) throw new SyscallException("open_tree", reply.Errno, $"\"{source}\"");
            try
            {
                MountChanges.Apply(tree, options, MountPropagation.Private);
                return new HostMount(tree, reply.Status.IsDirectory);
            }
            catch
            {
                tree.Dispose();
                throw;
            }
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw RuntimeException.InvalidArgument($"mount {destination}: host path {source} does not exist.");
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOSYS && !options.ChangeRecursive.IsEmpty)
        {
            throw new RuntimeException(ErrorKind.Unimplemented, $"RROUnsupported: mount {destination}: the kernel has no mount_setattr(2), which recursive read-only mounts need.", e);
        }
        catch (SyscallException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"mount {destination}: cannot take host path {source}: {e.Message}", e);
        }
    }

    /// <summary>A mount can pass on what happens on the node only when the node's mount lets it.</summary>
    private void CheckPropagation(string source, string destination, MountOptions options)
    {
        if (options.Propagation is not (MountPropagation.Shared or MountPropagation.Slave)) return;
        FileStatus status = Status(source) ?? throw new SyscallException("statx", Errno.ENOENT, $"\"{source}\"");
        IReadOnlyList<string> tags = MountTable.Tags(status.MountId) ?? [];
        bool shared = tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal));
        bool slave = tags.Any(tag => tag.StartsWith("master:", StringComparison.Ordinal));
        if (options.Propagation == MountPropagation.Shared ? !shared : !shared && !slave)
            throw RuntimeException.InvalidArgument(
                $"mount {destination}: host path {source} lies on a mount that is not {(options.Propagation == MountPropagation.Shared ? "shared" : "shared or slave")}; make it shared (mount --make-rshared) or use private propagation.");
    }

    private PathReply Ask(PathRequest request, string name, out SafeFileDescriptor? descriptor, SafeFileDescriptor? tree = null)
    {
        if (stillHangs(name))
            throw RuntimeException.Unavailable($"host path {name} still hangs from an earlier attempt. Unmount or repair its file system on the node.");
        _current = name;
        (PathReply reply, descriptor) = helper.Ask(request, tree);
        return reply;
    }
}
