using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine.Specs;

/// <summary>The capabilities of capabilities(7), and the CRI's rules for adding and dropping them.</summary>
internal static class Capabilities
{
    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What a container has unless it asks otherwise; the set that every Kubernetes runtime gives.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>The default set with some added and some dropped; CRI <c>Capability</c>. <c>ALL</c> is taken first, single names after it.</summary>
    /// <exception cref="RuntimeException">A name is no capability.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> add, IReadOnlyList<string> drop)
    {
        var added = add.Select(Normalise).ToHashSet(StringComparer.Ordinal);
        var dropped = drop.Select(Normalise).ToHashSet(StringComparer.Ordinal);

        IEnumerable<string> start = added.Contains("ALL") ? All : dropped.Contains("ALL") ? [] : Default;
        var set = start.ToHashSet(StringComparer.Ordinal);
        set.UnionWith(added);
        set.ExceptWith(dropped);
        return [.. All.Where(set.Contains)];
    }

    /// <summary><c>net_admin</c>, <c>NET_ADMIN</c> and <c>CAP_NET_ADMIN</c> are one.</summary>
    public static string Normalise(string name)
    {
        string upper = name.ToUpperInvariant();
        if (upper is "ALL" or "CAP_ALL") return "ALL";
        string full = upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : $"CAP_{upper}";
        return All.Contains(full)
            ? full
            : throw RuntimeException.InvalidArgument($"capability \"{name}\" is unknown; capabilities(7) lists the names, without CAP_ in a pod's manifest");
    }
}
