using System.Globalization;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>
/// The command line of <c>orlop-supervisor</c>. It is spawned with posix_spawn(3) as the leader of its own session, with a pipe's write end as both
/// standard output and error. It closes them when its socket listens: the end of an empty pipe means ready; text before the end says why it failed.
/// Its standard input is a pipe too. It goes on once a byte comes through: whoever spawned it has its process id on record then. The end of that pipe
/// without a byte means that nobody knows of it and nobody would ever end it, so it ends itself.
/// </summary>
internal sealed class SupervisorArguments
{
    private const string SocketOption = "--socket", FolderOption = "--folder", NamespacesOption = "--namespaces", HostnameOption = "--hostname", SysctlOption = "--sysctl", SharedMemoryOption = "--shared-memory";

    private static readonly (string Name, CloneFlags Flag)[] Kinds = [("net", CloneFlags.NewNet), ("ipc", CloneFlags.NewIpc), ("uts", CloneFlags.NewUts)];

    /// <summary>Where it listens; at most <see cref="Sockets.MaxPath"/> bytes. A file that is in the way is removed.</summary>
    public required string Socket { get; init; }

    /// <summary>The pod's state folder, which exists; exit records go to <see cref="ExitRecord.Folder"/> under it.</summary>
    public required string Folder { get; init; }

    /// <summary>Which namespaces it makes for the pod: net (with <c>lo</c> up), ipc, uts.</summary>
    public CloneFlags Namespaces { get; init; }

    /// <summary>The pod's host name; only with its own uts namespace.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Sysctls to set in the pod's namespaces: <c>net.core.somaxconn=1024</c>.</summary>
    public IReadOnlyList<string> Sysctls { get; init; } = [];

    /// <summary>Bytes of the tmpfs at <see cref="PodRoot.SharedMemory"/>; 0 for none.</summary>
    public long SharedMemory { get; init; }

    /// <summary>The arguments after the program's name.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> arguments = [SocketOption, Socket, FolderOption, Folder];
        var names = new List<string>();
        foreach ((string name, CloneFlags flag) in Kinds)
        {
            if ((Namespaces & flag) != CloneFlags.None) names.Add(name);
        }

        if (names.Count > 0) arguments.AddRange([NamespacesOption, string.Join(',', names)]);
        if (Hostname.Length > 0) arguments.AddRange([HostnameOption, Hostname]);
        if (SharedMemory > 0) arguments.AddRange([SharedMemoryOption, SharedMemory.ToString(CultureInfo.InvariantCulture)]);
        foreach (string sysctl in Sysctls) arguments.AddRange([SysctlOption, sysctl]);
        return arguments;
    }

    /// <exception cref="FormatException">An argument is unknown, has no value, or is missing.</exception>
    public static SupervisorArguments Parse(ReadOnlySpan<string> arguments)
    {
        string socket = "", folder = "", hostname = "";
        CloneFlags namespaces = CloneFlags.None;
        long sharedMemory = 0;
        var sysctls = new List<string>();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length) throw new FormatException($"{arguments[i]} has no value");
            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case SocketOption: socket = value; break;
                case FolderOption: folder = value; break;
                case HostnameOption: hostname = value; break;
                case SysctlOption: sysctls.Add(value); break;
                case SharedMemoryOption:
                    if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out sharedMemory)) throw new FormatException($"{SharedMemoryOption} {value} is no number of bytes");
                    break;
                case NamespacesOption:
                    foreach (string name in value.Split(',')) namespaces |= Kind(name);
                    break;
                default: throw new FormatException($"unknown option {arguments[i]}");
            }
        }

        if (socket.Length == 0 || folder.Length == 0) throw new FormatException($"{SocketOption} and {FolderOption} are needed");
        return new SupervisorArguments { Socket = socket, Folder = folder, Namespaces = namespaces, Hostname = hostname, Sysctls = sysctls, SharedMemory = sharedMemory };
    }

    private static CloneFlags Kind(string name)
    {
        foreach ((string known, CloneFlags flag) in Kinds)
        {
            if (known == name) return flag;
        }

        throw new FormatException($"unknown namespace \"{name}\"; known: net, ipc, uts");
    }
}
