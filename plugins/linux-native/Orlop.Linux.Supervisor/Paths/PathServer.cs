using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Paths;

/// <summary>
/// Touches paths of the node in place of the daemon. Any of them may lie on a file system that never answers: then the kernel holds this process, and
/// not the daemon, which kills it and goes on (R2).
/// </summary>
internal static class PathServer
{
    /// <summary>Serves until the daemon closes its end.</summary>
    /// <exception cref="SyscallException">The socket broke.</exception>
    public static void Run(SafeFileDescriptor socket)
    {
        using var connection = new SupervisorConnection(socket);
        while (connection.Receive() is { } frame)
        {
            SafeFileDescriptor? opened = null;
            try
            {
                PathReply reply = Answer(frame, out opened);
                connection.Send(reply.ToFrame(opened is null ? 0 : 1), opened is null ? [] : [opened]);
            }
            finally
            {
                opened?.Dispose();
                foreach (SafeFileDescriptor descriptor in frame.Descriptors) descriptor.Dispose();
            }
        }
    }

    private static PathReply Answer(ReceivedFrame frame, out SafeFileDescriptor? opened)
    {
        opened = null;
        PathRequest request = PathRequest.Read(frame.Body);
        if (request.Path.Contains('\0', StringComparison.Ordinal)) return PathReply.Failed(Errno.EINVAL);
        SafeFileDescriptor? root = frame.Descriptors.Length > 0 ? frame.Descriptors[0] : null;
        try
        {
            switch (request.Operation)
            {
                case PathOperation.Status when root is not null:
                    using (SafeFileDescriptor place = FileSystem.Open(root, request.Path, OpenFlags.Path, ResolveFlags.InRoot))
                        return Found(FileSystem.Status(place));
                case PathOperation.Status:
                    return Found(FileSystem.Status(SafeFileDescriptor.CurrentDirectory, request.Path, AtFlags.None));
                case PathOperation.StatusOfLink:
                    return Found(FileSystem.Status(SafeFileDescriptor.CurrentDirectory, request.Path));
                case PathOperation.OpenFolder:
                    opened = FileSystem.Open(request.Path, OpenFlags.Path | OpenFlags.Directory);
                    return Found(default);
                case PathOperation.CloneTree or PathOperation.CloneTreeRecursively:
                    opened = Mounts.CloneTree(
                        SafeFileDescriptor.CurrentDirectory, request.Path, request.Operation == PathOperation.CloneTree ? AtFlags.None : AtFlags.Recursive);
                    return Found(FileSystem.Status(opened));
                case PathOperation.Names:
                    return new PathReply(0, default, Names(request.Path));
                default:
                    return PathReply.Failed(Errno.ENOSYS);
            }
        }
        catch (SyscallException e)
        {
            opened?.Dispose();
            opened = null;
            return PathReply.Failed(e.Errno);
        }
    }

    private static PathReply Found(FileStatus status) => new(0, status, []);

    private static List<string> Names(string path)
    {
        using SafeFileDescriptor folder = FileSystem.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        var names = new List<string>();
        foreach (DirectoryEntry entry in new DirectoryReader(folder, stackalloc byte[4096])) names.Add(Encoding.UTF8.GetString(entry.Name));
        return names;
    }
}
