using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Orlop.Linux.Seccomp;

/// <summary>An architecture that a filter can tell apart by <c>seccomp_data.arch</c>, and for x32 by a bit of the number.</summary>
/// <param name="Name">As the OCI spec has it.</param>
/// <param name="AuditArch"><c>AUDIT_ARCH_*</c> of linux/audit.h.</param>
/// <param name="Numbers">The numbers of its calls.</param>
internal sealed record SeccompArchitecture(string Name, uint AuditArch, FrozenDictionary<string, int> Numbers)
{
    /// <summary><c>__X32_SYSCALL_BIT</c>: x32 shares its audit architecture with x86_64.</summary>
    public const uint X32Bit = 0x4000_0000;

    public static SeccompArchitecture X64 { get; } = new("SCMP_ARCH_X86_64", 0xC000_003E, SyscallTable.X64);

    public static SeccompArchitecture X32 { get; } = new("SCMP_ARCH_X32", 0xC000_003E, SyscallTable.X32);

    public static SeccompArchitecture X86 { get; } = new("SCMP_ARCH_X86", 0x4000_0003, SyscallTable.X86);

    public static SeccompArchitecture Arm64 { get; } = new("SCMP_ARCH_AARCH64", 0xC000_00B7, SyscallTable.Arm64);

    public static SeccompArchitecture Native { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;

    /// <summary>The architectures of a filter: the native one, and those of its family that the profile names.</summary>
    /// <remarks>Foreign ones can never make a call on this machine, so that their rules would be dead code.</remarks>
    public static IReadOnlyList<SeccompArchitecture> Select(IReadOnlyList<string>? names)
    {
        var chosen = new List<SeccompArchitecture> { Native };
        if (Native == X64)
        {
            if (names?.Contains(X86.Name) == true) chosen.Add(X86);
            if (names?.Contains(X32.Name) == true) chosen.Add(X32);
        }
        return chosen;
    }
}
