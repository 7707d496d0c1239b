using System.Runtime.InteropServices;

namespace Orlop.Linux.Protocol;

/// <summary>
/// The head of a syscall program's blob. Everything in the blob is little-endian, 8-aligned and addressed by its offset from the blob's start:
/// head, data, relocations (pairs of i32: where a pointer is, what it points to), operations (<see cref="SyscallOperation"/>).
/// </summary>
/// <remarks>Sent with <see cref="FailedOperation"/> -1 and empty slots; the child writes progress and failure here, in memory that it shares with the supervisor.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProgramHeader
{
    /// <summary>"OSP1".</summary>
    public const uint ExpectedMagic = 0x3150534F;

    /// <summary>How many slots a program has.</summary>
    public const int SlotCount = 256;

    public uint Magic;

    /// <summary>Bytes of the whole blob.</summary>
    public int Size;
    public int OperationCount;
    public int OperationsOffset;
    public int RelocationCount;
    public int RelocationsOffset;

    /// <summary>The operation that the child has begun last.</summary>
    public int CurrentOperation;

    /// <summary>The operation that failed; -1 for none.</summary>
    public int FailedOperation;

    /// <summary>Its errno(3).</summary>
    public int FailedErrno;
    private readonly int padding;

    /// <summary>Registers; see <see cref="Protocol.Slots"/>.</summary>
    public fixed long Slots[SlotCount];
}
