using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;

namespace Orlop.Linux.Sandboxes;

/// <summary>A kernel parameter of a pod's own namespaces.</summary>
/// <param name="Path">Below <c>/proc/sys</c>.</param>
/// <param name="Value">What is written.</param>
internal sealed record Sysctl(string Path, string Value)
{
    private static readonly string[] IpcNames =
    [
        "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/msg_next_id", "kernel/sem", "kernel/sem_next_id", "kernel/shmall",
        "kernel/shmmax", "kernel/shmmni", "kernel/shm_next_id", "kernel/shm_rmid_forced", "kernel/auto_msgmni",
    ];

    /// <summary>What every pod with a network of its own gets unless it says otherwise: no port and no ping needs root there.</summary>
    /// <remarks>containerd's <c>enable_unprivileged_ports</c> and <c>enable_unprivileged_icmp</c>, on since 2.0.</remarks>
    private static readonly Sysctl[] NetworkDefaults =
    [
        new("net/ipv4/ip_unprivileged_port_start", "0"),
        new("net/ipv4/ping_group_range", "0 2147483647"),
    ];

    /// <summary>The parameters of a pod, its network's defaults among them.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: a parameter that is the node's in this pod, or a name that is none.</exception>
    public static IReadOnlyList<Sysctl> Plan(SandboxSpec spec)
    {
        var asked = spec.Sysctls.Select(pair => Parse(pair.Key, pair.Value, spec)).ToList();
        if (spec.Network == NamespaceMode.Pod)
            asked.InsertRange(0, NetworkDefaults.Where(preset => asked.TrueForAll(sysctl => sysctl.Path != preset.Path)));
        return asked;
    }

    private static Sysctl Parse(string name, string value, SandboxSpec spec)
    {
        string path = ToPath(name);
        if (value.AsSpan().ContainsAny('\n', '\0') || value.Contains('+', StringComparison.Ordinal))
            throw RuntimeException.InvalidArgument($"sysctl {name}: the value holds a character that is not allowed ('+', newline or NUL).");
        if (path.StartsWith("net/", StringComparison.Ordinal))
            return spec.Network == NamespaceMode.Pod ? new Sysctl(path, value) : throw Refused(name, "the pod uses the node's network");
        if (IpcNames.Contains(path) || path.StartsWith("fs/mqueue/", StringComparison.Ordinal))
            return spec.Ipc == NamespaceMode.Pod ? new Sysctl(path, value) : throw Refused(name, "the pod uses the node's IPC namespace");
        if (path == "kernel/hostname")
            throw Refused(name, "it is set through the pod's host name");
        if (path == "kernel/domainname")
            return spec.Network == NamespaceMode.Pod ? new Sysctl(path, value) : throw Refused(name, "the pod uses the node's UTS namespace");
        throw Refused(name, "it belongs to no namespace, so that it would change the whole node");
    }

    /// <summary>
    /// <c>net.ipv4.conf.eth0/1.forwarding</c> and <c>net/ipv4/conf/eth0.1/forwarding</c> mean the same, as for sysctl(8): the first
    /// separator decides, the other one is its literal twin.
    /// </summary>
    private static string ToPath(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '/');
        string path = first > 0 && name[first] == '.'
            ? string.Create(name.Length, name, static (chars, source) =>
            {
                for (int i = 0; i < chars.Length; i++) chars[i] = source[i] switch { '.' => '/', '/' => '.', var other => other };
            })
            : name;
        bool clean = path.Split('/') is { Length: > 1 } parts && parts.All(part => part.Length > 0 && part is not "." and not "..")
            && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-');
        return clean ? path : throw RuntimeException.InvalidArgument($"sysctl '{name}' is not a parameter name.");
    }

    private static RuntimeException Refused(string name, string reason) => RuntimeException.InvalidArgument($"sysctl {name} is not allowed: {reason}.");
}
