using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>Where a path of a container leads, the symbolic links of its image followed within its root.</summary>
/// <remarks>
/// Unlike the kernel it follows a link whose target does not exist: a mount on such a place makes the target. It is no
/// guard: whoever uses the result opens it with RESOLVE_IN_ROOT.
/// </remarks>
internal static class RootPath
{
    private const int MaxLinks = 40; // as many as the kernel follows; path_resolution(7)

    /// <exception cref="RuntimeException">InvalidArgument: the links lead in a circle.</exception>
    public static string Resolve(SafeFileDescriptor root, string path)
    {
        var ahead = new Stack<string>(Parts(path).Reverse());
        string reached = "/";
        int links = 0;
        while (ahead.TryPop(out string? part))
        {
            if (part == "..")
            {
                reached = ContainerPath.Parent(reached);
                continue;
            }

            string next = reached == "/" ? $"/{part}" : $"{reached}/{part}";
            if (Link(root, next) is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MaxLinks) throw RuntimeException.InvalidArgument($"path {path} of the container: its symbolic links lead in a circle.");
            if (target.StartsWith('/')) reached = "/";
            foreach (string step in Parts(target).Reverse()) ahead.Push(step);
        }

        return reached;
    }

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(part => part is not ("" or "."));

    private static string? Link(SafeFileDescriptor root, string path)
    {
        using SafeFileDescriptor? entry = FileSystem.TryOpen(root, ContainerPath.Relative(path), OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.InRoot);
        return entry is not null && FileSystem.Status(entry).FileType == FileMode.Symlink ? Encoding.UTF8.GetString(FileSystem.ReadLink(entry, "")) : null;
    }
}
