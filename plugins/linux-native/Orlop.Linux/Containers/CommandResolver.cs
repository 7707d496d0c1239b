using System.Runtime.InteropServices;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>Finds a command in a container's root before it is executed, for the sake of a good message.</summary>
/// <remarks>Mounts are not in place yet when a container starts: what may lie in one is left to execve(2).</remarks>
internal sealed class CommandResolver(SafeFileDescriptor root, IReadOnlyList<string> volumes)
{
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int AnyExecute = 0x49; // 0111

    /// <exception cref="RuntimeException">InvalidArgument: there is no such command, or it cannot be executed.</exception>
    public CommandPlan Resolve(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string workingDirectory)
    {
        string command = arguments[0];
        if (command.Length == 0) throw RuntimeException.InvalidArgument("exec \"\": the command is empty.");
        var candidates = new List<string>();
        string refusal = "no such file or directory";
        if (command.Contains('/', StringComparison.Ordinal))
        {
            if (Check(Path.Join(command[0] == '/' ? "" : workingDirectory, command), ref refusal) == false)
                throw RuntimeException.InvalidArgument($"exec \"{command}\": {refusal}");
            candidates.Add(command);
        }
        else
        {
            string path = SearchPath(environment);
            foreach (string folder in path.Split(':'))
            {
                string candidate = $"{(folder.Length == 0 ? "." : folder)}/{command}";
                bool? runs = Check(Path.Join(candidate[0] == '/' ? "" : workingDirectory, candidate), ref refusal);
                if (runs != false) candidates.Add(candidate);
                if (runs == true) break;
            }
            if (candidates.Count == 0) throw NotFound(command, path);
        }
        return new CommandPlan(candidates, arguments, environment);
    }

    /// <summary>
    /// Leaves the look-up to execve(2) in the container: its mounts are in place there, and one that never answers holds the command and not us (R2).
    /// </summary>
    public static CommandPlan Unresolved(IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        string command = arguments[0];
        if (command.Length == 0) throw RuntimeException.InvalidArgument("exec \"\": the command is empty.");
        return new CommandPlan(
            command.Contains('/', StringComparison.Ordinal) ? [command] : [.. SearchPath(environment).Split(':').Select(folder => $"{(folder.Length == 0 ? "." : folder)}/{command}")],
            arguments, environment);
    }

    /// <summary>Turns the kernel's answer to execve(2) into words.</summary>
    public static RuntimeException Explain(int errno, string command, IReadOnlyList<string> environment) => errno switch
    {
        Errno.ENOENT when !command.Contains('/', StringComparison.Ordinal) => NotFound(command, SearchPath(environment)),
        Errno.ENOENT => RuntimeException.InvalidArgument($"exec \"{command}\": no such file or directory (the file, or the interpreter that it names)"),
        Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG => RuntimeException.InvalidArgument($"exec \"{command}\": no such file or directory ({Errno.Name(errno)} on the way to it)"),
        Errno.EACCES => RuntimeException.InvalidArgument($"exec \"{command}\": permission denied"),
        Errno.ENOEXEC => RuntimeException.InvalidArgument($"exec \"{command}\": exec format error (a program for another architecture, or a script without #!)"),
        Errno.E2BIG => RuntimeException.InvalidArgument($"exec \"{command}\": its arguments and environment are too long for the kernel (execve(2): 128 KiB for one, a quarter of the stack limit for all)"),
        _ => new RuntimeException(ErrorKind.Internal, $"exec \"{command}\": {Errno.Name(errno)}"),
    };

    private static RuntimeException NotFound(string command, string path) =>
        RuntimeException.InvalidArgument($"exec \"{command}\": executable file not found in $PATH ({path})");

    private static string SearchPath(IReadOnlyList<string> environment) =>
        environment.LastOrDefault(entry => entry.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..] ?? DefaultPath;

    /// <returns>Whether it can be executed; null when that cannot be seen from here.</returns>
    private bool? Check(string path, ref string refusal)
    {
        string clean = ContainerPath.Clean(path);
        if (volumes.Any(volume => ContainerPath.IsWithin(clean, volume))) return null;
        using SafeFileDescriptor? file = FileSystem.TryOpen(root, ContainerPath.Relative(clean), OpenFlags.Path, ResolveFlags.InRoot);
        if (file is null)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR)) refusal = Errno.Name(errno);
            return volumes.Count > 0 && LeadsIntoVolume(clean) ? null : false;
        }
        FileStatus status = FileSystem.Status(file);
        if (status.IsRegular && (status.Mode & AnyExecute) != 0) return true;
        refusal = status.IsDirectory ? "is a directory" : "permission denied";
        return false;
    }

    /// <summary>A missing file may be a link whose target lies in a mount.</summary>
    private bool LeadsIntoVolume(string path)
    {
        for (string part = path; part != "/"; part = ContainerPath.Parent(part))
        {
            using SafeFileDescriptor? link = FileSystem.TryOpen(root, ContainerPath.Relative(part), OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.InRoot);
            if (link is not null) return FileSystem.Status(link).IsSymlink;
        }
        return false;
    }
}
