using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct mount_attr</c> of mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountAttributeChange
{
    /// <summary>Attributes to set.</summary>
    public MountAttributes Set;

    /// <summary>Attributes to clear.</summary>
    public MountAttributes Clear;

    /// <summary>One of <see cref="MountFlags.Private"/>, <see cref="MountFlags.Slave"/>, <see cref="MountFlags.Shared"/>, <see cref="MountFlags.Unbindable"/>; 0 leaves it.</summary>
    public ulong Propagation;

    /// <summary>The user namespace's descriptor for <see cref="MountAttributes.IdMap"/>.</summary>
    public ulong UserNamespace;
}
