using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>How a container's namespaces come about; its child is born into those of its pod's supervisor.</summary>
internal sealed record NamespacePlan
{
    /// <summary>Made by clone(2).</summary>
    public CloneFlags Cloned { get; private init; } = CloneFlags.NewMount;

    /// <summary>Made by unshare(2), once the child is in its cgroups.</summary>
    public CloneFlags Unshared { get; private init; }

    /// <summary>Joined by path.</summary>
    public IReadOnlyList<(CloneFlags Kind, string Path)> Joined { get; private init; } = [];

    /// <summary>The pid namespace to be born into; null for a new one or the node's.</summary>
    public string? PidPath { get; private init; }

    /// <summary>What a command in the container has to join: what differs from the supervisor's.</summary>
    public CloneFlags Own => Cloned | Unshared | Joined.Aggregate(CloneFlags.None, (kinds, joined) => kinds | joined.Kind);

    /// <param name="asked">Of the OCI spec.</param>
    /// <param name="shared">Of the sandbox: what the supervisor lives in.</param>
    /// <exception cref="RuntimeException">InvalidArgument: a namespace that cannot be served.</exception>
    public static NamespacePlan Create(IReadOnlyList<LinuxNamespace>? asked, IReadOnlyList<LinuxNamespace> shared)
    {
        var plan = new NamespacePlan();
        var joined = new List<(CloneFlags, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (LinuxNamespace wanted in asked ?? [])
        {
            if (!seen.Add(wanted.Type)) throw RuntimeException.InvalidArgument($"namespace {wanted.Type} is listed twice.");
            string? path = string.IsNullOrEmpty(wanted.Path) ? null : wanted.Path;
            switch (wanted.Type)
            {
                case "mount" when path is null:
                    break;
                case "pid" when path is null:
                    plan = plan with { Cloned = plan.Cloned | CloneFlags.NewPid };
                    break;
                case "pid":
                    plan = plan with { PidPath = path };
                    break;
                case "cgroup" or "network" or "ipc" or "uts":
                    if (path is null) plan = plan with { Unshared = plan.Unshared | Kind(wanted.Type) };
                    else if (shared.FirstOrDefault(own => own.Type == wanted.Type)?.Path != path) joined.Add((Kind(wanted.Type), path));
                    break;
                default:
                    throw RuntimeException.InvalidArgument($"namespace {wanted.Type}{(path is null ? "" : " at " + path)} is not supported by linux-native.");
            }
        }
        // What the spec does not list is the node's, also where the pod has its own.
        foreach (LinuxNamespace own in shared)
            if (own.Type != "pid" && !seen.Contains(own.Type)) joined.Add((Kind(own.Type), $"/proc/self/ns/{FileOf(own.Type)}"));
        return plan with { Joined = joined };
    }

    private static string FileOf(string type) => type == "network" ? "net" : type;

    private static CloneFlags Kind(string type) => type switch
    {
        "cgroup" => CloneFlags.NewCgroup,
        "network" => CloneFlags.NewNet,
        "ipc" => CloneFlags.NewIpc,
        _ => CloneFlags.NewUts,
    };
}
