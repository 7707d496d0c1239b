namespace Orlop.Cli.Hosting;

/// <summary>Where the CLI keeps what a kubelet would keep for a pod, and where it reads facts about the node.</summary>
internal sealed record CliPaths
{
    /// <summary>One folder per pod uid: its volumes, hosts file and termination messages. A tmpfs, so that a reboot clears it like the pods.</summary>
    public string Pods { get; init; } = "/run/orlop-cli/pods";

    /// <summary>The root of the pods' log folders, <c>&lt;namespace&gt;_&lt;name&gt;_&lt;uid&gt;</c>, as the kubelet lays them out.</summary>
    public string Logs { get; init; } = "/var/log/pods";

    /// <summary>Local seccomp profiles are relative to this folder, as with the kubelet.</summary>
    public string SeccompProfiles { get; init; } = "/var/lib/kubelet/seccomp";

    public string ResolvConf { get; init; } = "/etc/resolv.conf";

    public string Hosts { get; init; } = "/etc/hosts";

    public string Proc { get; init; } = "/proc";

    public string Sys { get; init; } = "/sys";

    public string PodFolder(string uid) => Path.Combine(Pods, uid);

    public string PodLogFolder(string podNamespace, string name, string uid) => Path.Combine(Logs, $"{podNamespace}_{name}_{uid}");
}
