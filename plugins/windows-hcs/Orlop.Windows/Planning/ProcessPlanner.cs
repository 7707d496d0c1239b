using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;

namespace Orlop.Windows.Planning;

/// <summary>A process of an OCI spec as a document for HcsCreateProcess.</summary>
internal static class ProcessPlanner
{
    private const string SystemDrive = @"C:\";

    /// <summary>The container's first process.</summary>
    public static ProcessDocument Plan(Process process, UserRequest user, bool stdin) =>
        Plan(process, process.CommandLine is { Length: > 0 } line ? line : CommandLine.Join(process.Args), UserName(process, user), stdin);

    /// <summary>A command in the container, with the first process's user, environment and folder.</summary>
    public static ProcessDocument PlanExec(Process process, UserRequest user, IReadOnlyList<string> command) =>
        Plan(process with { Terminal = false }, CommandLine.Join(command), UserName(process, user), stdin: false);

    /// <summary>Who the process is to be, by name: Windows looks it up inside the container. Empty leaves it to the image.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> for Linux ids.</exception>
    public static string UserName(Process process, UserRequest user)
    {
        if (user.Uid is not null || user.Gid is not null || user.SupplementalGroups.Count > 0)
        {
            throw RuntimeException.InvalidArgument($"user id {user.Uid} and group id {user.Gid}: Windows knows no such ids; use windowsOptions.runAsUserName");
        }

        return user.Username is { Length: > 0 } asked ? asked
            : process.User?.Username is { Length: > 0 } inSpec ? inSpec
            : user.ImageUser;
    }

    private static ProcessDocument Plan(Process process, string commandLine, string user, bool stdin) => new()
    {
        CommandLine = commandLine,
        User = user.Length > 0 ? user : null,
        WorkingDirectory = Folder(process.Cwd),
        Environment = Variables(process.Env),
        EmulateConsole = process.Terminal,
        ConsoleSize = process is { Terminal: true, ConsoleSize: { } size } ? [(int)size.Height, (int)size.Width] : null,
        CreateStdInPipe = stdin,
        CreateStdOutPipe = true,
        CreateStdErrPipe = !process.Terminal,
    };

    private static string Folder(string folder) => folder is "" or "/" or @"\" ? SystemDrive : folder.Replace('/', '\\');

    // Case makes no difference in names; the last one wins. A variable without a value is left out, as hcsshim does.
    private static Dictionary<string, string>? Variables(IReadOnlyList<string> variables)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string variable in variables)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0) throw RuntimeException.InvalidArgument($"environment variable \"{variable}\" has no name");
            string name = equals < 0 ? variable : variable[..equals];
            values.Remove(name); // keeps the last spelling too
            if (equals > 0 && equals < variable.Length - 1) values[name] = variable[(equals + 1)..];
        }

        return values.Count == 0 ? null : values;
    }
}
