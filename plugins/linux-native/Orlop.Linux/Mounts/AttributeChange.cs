namespace Orlop.Linux.Mounts;

/// <summary>Which attributes a mount gains and loses; <c>struct mount_attr</c>.</summary>
internal readonly record struct AttributeChange(MountAttributes Set, MountAttributes Clear)
{
    public bool IsEmpty => Set == MountAttributes.None && Clear == MountAttributes.None;

    /// <summary>This change, then one more attribute set.</summary>
    public AttributeChange With(MountAttributes attribute) => (attribute & MountAttributes.Atime) != 0
        ? new AttributeChange((Set & ~MountAttributes.Atime) | attribute, Clear | MountAttributes.Atime)
        : new AttributeChange(Set | attribute, Clear & ~attribute);

    /// <summary>This change, then one attribute cleared; the access time falls back to relatime.</summary>
    public AttributeChange Without(MountAttributes attribute) => new(Set & ~attribute, Clear | attribute);
}
