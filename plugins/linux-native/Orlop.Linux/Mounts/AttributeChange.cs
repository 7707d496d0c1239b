using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounts;

/// <summary>Which attributes a mount gains and loses.</summary>
internal readonly record struct AttributeChange(MountAttributes Set, MountAttributes Clear)
{
    public bool IsEmpty => Set == MountAttributes.None && Clear == MountAttributes.None;

    /// <summary>This change, then one more attribute set. The access time is one setting of several bits: the last one wins.</summary>
    public AttributeChange With(MountAttributes attribute) => (attribute & MountAttributes.AccessTimeMask) != MountAttributes.None
        ? new AttributeChange((Set & ~MountAttributes.AccessTimeMask) | attribute, Clear | MountAttributes.AccessTimeMask)
        : new AttributeChange(Set | attribute, Clear & ~attribute);

    /// <summary>This change, then one attribute cleared; the access time falls back to relatime.</summary>
    public AttributeChange Without(MountAttributes attribute) => new(Set & ~attribute, Clear | attribute);
}
