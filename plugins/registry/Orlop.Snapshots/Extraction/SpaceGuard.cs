using Orlop.Linux.Syscalls;

namespace Orlop.Snapshots.Extraction;

/// <summary>
/// Keeps an archive that unpacks to more than anyone expected, a bomb for example, from taking the last of a disk that
/// others write to as well: it fails a little before the disk is full, as if it were.
/// </summary>
/// <param name="folder">On the disk.</param>
internal sealed class SpaceGuard(SafeFileDescriptor folder)
{
    private const long Step = 4 << 20;         // between two looks at the disk
    private const long EntryCost = 4096;       // an entry without data takes an inode, and often a block
    private const long LargestReserve = 256 << 20;
    private const int ReservedShare = 100;     // a hundredth of the disk

    private long _untilNextLook;
    private long _taken;

    /// <summary>An entry begins.</summary>
    /// <exception cref="SyscallException">ENOSPC: what is left is for others.</exception>
    public void TakeEntry() => Take(EntryCost);

    /// <summary>Data is about to be written.</summary>
    /// <exception cref="SyscallException">ENOSPC: what is left is for others.</exception>
    public void Take(long bytes)
    {
        _taken += bytes;
        _untilNextLook -= bytes;
        if (_untilNextLook > 0)
            return;

        _untilNextLook = Step;
        var disk = FileSystem.FileSystemOf(folder);
        long free = (long)disk.AvailableBlocks * disk.BlockSize;
        long reserve = Math.Min((long)disk.Blocks * disk.BlockSize / ReservedShare, LargestReserve);
        if (free < reserve)
            throw new SyscallException("write", Errno.ENOSPC, $"after {_taken >> 20} MiB; the last {reserve >> 20} MiB of the disk are left to others");
    }
}
