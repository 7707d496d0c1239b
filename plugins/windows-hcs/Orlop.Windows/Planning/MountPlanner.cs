using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;
using Orlop.Windows.Host;

namespace Orlop.Windows.Planning;

/// <summary>Mounts of a container: folders, files and named pipes of the node.</summary>
internal static class MountPlanner
{
    private const string PipePrefix = @"\\.\pipe\";

    public static (IReadOnlyList<MappedDirectory> Directories, IReadOnlyList<MappedPipe> Pipes) Plan(IReadOnlyList<Mount> mounts, IHostPaths paths)
    {
        var directories = new List<MappedDirectory>();
        var pipes = new List<MappedPipe>();
        foreach (var mount in mounts)
        {
            if (mount.Type is not (null or "" or "bind")) throw RuntimeException.InvalidArgument($"mount {mount.Destination}: type \"{mount.Type}\" does not exist on Windows, only bind");
            if (string.IsNullOrEmpty(mount.Source)) throw RuntimeException.InvalidArgument($"mount {mount.Destination}: it has no source");
            string source = Backslashes(mount.Source);
            string destination = Backslashes(mount.Destination);
            if (IsPipe(source) || IsPipe(destination)) pipes.Add(Pipe(source, destination)); // never touched: opening a pipe consumes one of its instances
            else directories.Add(new MappedDirectory(paths.Resolve(source), Destination(destination), IsReadOnly(mount)));
        }

        return (directories, pipes);
    }

    /// <summary>A path inside the container, below its drive C: unless it names another.</summary>
    public static string Destination(string path)
    {
        string destination = Backslashes(path);
        bool hasDrive = destination.Length >= 2 && char.IsAsciiLetter(destination[0]) && destination[1] == ':';
        if (hasDrive && destination.Length > 2 && destination[2] != '\\') throw RuntimeException.InvalidArgument($"mount {path}: a path relative to a drive's current folder; write {destination[..2]}\\{destination[2..]}");
        if (!hasDrive && !destination.StartsWith('\\')) throw RuntimeException.InvalidArgument($"mount {path}: the destination is not absolute");
        if (destination.StartsWith(@"\\", StringComparison.Ordinal)) throw RuntimeException.InvalidArgument($"mount {path}: the destination is a network or device path");
        string full = hasDrive ? destination : "C:" + destination;
        return full.TrimEnd('\\').Equals("C:", StringComparison.OrdinalIgnoreCase)
            ? throw RuntimeException.InvalidArgument($"mount {path}: the container's own drive C: cannot be mounted over; choose a folder or another drive")
            : full;
    }

    private static MappedPipe Pipe(string source, string destination) =>
        IsPipe(source) && IsPipe(destination) && destination.Length > PipePrefix.Length
            ? new MappedPipe(destination[PipePrefix.Length..], source)
            : throw RuntimeException.InvalidArgument($"mount {destination}: a named pipe can only be mounted as one; source {source}");

    private static bool IsPipe(string path) => path.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsReadOnly(Mount mount) => mount.Options?.Any(o => o.Equals("ro", StringComparison.OrdinalIgnoreCase)) ?? false;

    private static string Backslashes(string path) => path.Replace('/', '\\');
}
