namespace Orlop.Linux.Syscalls;

/// <summary>Flags of renameat2(2).</summary>
[Flags]
public enum RenameFlags : uint
{
    /// <summary>Replaces the target.</summary>
    None = 0,

    /// <summary>RENAME_NOREPLACE: EEXIST when the target exists.</summary>
    NoReplace = 1,

    /// <summary>RENAME_EXCHANGE: swaps both.</summary>
    Exchange = 2,

    /// <summary>RENAME_WHITEOUT: leaves a whiteout (overlayfs).</summary>
    Whiteout = 4,
}
