using System.Collections.Frozen;
using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Processes;

/// <summary>Capabilities as bits; the numbers of linux/capability.h.</summary>
internal static class CapabilitySet
{
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    private static readonly FrozenDictionary<string, int> Numbers =
        Names.Select((name, number) => (name, number)).ToFrozenDictionary(pair => pair.name, pair => pair.number, StringComparer.Ordinal);

    public const int SysResource = 24;

    /// <summary>All capabilities that this table knows.</summary>
    public static ulong All => (1UL << Names.Length) - 1;

    /// <exception cref="RuntimeException">InvalidArgument: an unknown name.</exception>
    public static ulong Parse(IReadOnlyList<string>? names) => (names ?? []).Aggregate(0UL, (set, name) => set | 1UL << Number(name));

    private static int Number(string name) => Numbers.TryGetValue(name, out int number)
        ? number
        : throw RuntimeException.InvalidArgument($"unknown capability '{name}'; see capabilities(7).");
}
