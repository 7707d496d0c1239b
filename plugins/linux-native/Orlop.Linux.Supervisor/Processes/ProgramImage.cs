using System.Runtime.InteropServices;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>A program's blob in memory that does not move, checked and relocated: the child reads nothing outside of it.</summary>
internal sealed unsafe class ProgramImage : SafeHandle
{
    private readonly int size;

    private ProgramImage(int size)
        : base(0, ownsHandle: true)
    {
        this.size = size;
        SetHandle(Libc.Map(size));
    }

    public override bool IsInvalid => handle == 0;

    public byte* Blob => (byte*)handle;

    private ProgramHeader* Header => (ProgramHeader*)handle;

    /// <summary>The operation that failed; -1 for none.</summary>
    public int FailedOperation => Header->FailedOperation;

    /// <summary>Its errno(3).</summary>
    public int FailedErrno => Header->FailedErrno;

    /// <summary>The operation that the child has begun last.</summary>
    public int CurrentOperation => Volatile.Read(ref Header->CurrentOperation);

    /// <summary>Whether the child has begun an operation that leaves the program: there may be several execve(2), of which the first that succeeds does.</summary>
    public bool ReachedExit =>
        ((SyscallOperation*)(Blob + Header->OperationsOffset))[CurrentOperation].Number is SyscallNumber.Execve or SyscallNumber.ExecveAt or SyscallNumber.ExitGroup;

    /// <summary>Copies, checks and relocates a blob.</summary>
    /// <exception cref="ProtocolException">It is no program.</exception>
    public static ProgramImage Load(ReadOnlySpan<byte> blob)
    {
        Check(blob);
        var image = new ProgramImage(blob.Length);
        blob.CopyTo(new Span<byte>(image.Blob, image.size));
        ProgramHeader* header = image.Header;
        header->FailedOperation = -1;
        header->CurrentOperation = 0;
        new Span<long>(header->Slots, ProgramHeader.SlotCount).Fill(-1);
        var relocations = (int*)(image.Blob + header->RelocationsOffset);
        for (int i = 0; i < header->RelocationCount; i++)
            *(long*)(image.Blob + relocations[2 * i]) = (long)(image.Blob + relocations[(2 * i) + 1]);
        return image;
    }

    /// <summary>What is in a slot.</summary>
    public long Slot(int slot) => Header->Slots[slot];

    /// <summary>Fills in a slot before the start.</summary>
    public void SetSlot(int slot, long value) => Header->Slots[slot] = value;

    protected override bool ReleaseHandle() => Libc.Unmap(handle, size);

    private static void Check(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < sizeof(ProgramHeader)) throw new ProtocolException($"a program of {blob.Length} bytes");
        ProgramHeader header = MemoryMarshal.Read<ProgramHeader>(blob);
        if (header.Magic != ProgramHeader.ExpectedMagic || header.Size != blob.Length) throw new ProtocolException("not a program");
        ReadOnlySpan<int> relocations = Table<int>(blob, header.RelocationsOffset, header.RelocationCount, 2);
        int dataEnd = Math.Min(header.RelocationsOffset, header.OperationsOffset); // a relocation must not change a table that is checked here
        for (int i = 0; i < relocations.Length; i += 2)
        {
            if (relocations[i] < sizeof(ProgramHeader) || relocations[i] > dataEnd - 8 || (relocations[i] & 7) != 0 || (uint)relocations[i + 1] >= (uint)blob.Length)
                throw new ProtocolException($"relocation {i / 2} of the program leads outside of it");
        }

        ReadOnlySpan<SyscallOperation> operations = Table<SyscallOperation>(blob, header.OperationsOffset, header.OperationCount, 1);
        if (operations.IsEmpty) throw new ProtocolException("a program without operations");
        for (int i = 0; i < operations.Length; i++)
        {
            SyscallOperation operation = operations[i];
            if (operation.ResultSlot is < SyscallOperation.NoSlot or >= ProgramHeader.SlotCount) throw new ProtocolException($"operation {i} of the program has result slot {operation.ResultSlot}");
            ReadOnlySpan<long> arguments = MemoryMarshal.CreateReadOnlySpan(in operation.Argument0, 6);
            for (int a = 0; a < arguments.Length; a++)
            {
                bool pointer = (operation.PointerMask >> a & 1) != 0, slot = (operation.SlotMask >> a & 1) != 0;
                if ((pointer && (ulong)arguments[a] >= (ulong)blob.Length) || (slot && (ulong)arguments[a] >= ProgramHeader.SlotCount) || (pointer && slot))
                    throw new ProtocolException($"argument {a} of operation {i} of the program is out of bounds");
            }
        }
    }

    private static ReadOnlySpan<T> Table<T>(ReadOnlySpan<byte> blob, int offset, int count, int stride)
        where T : unmanaged
    {
        long bytes = (long)count * stride * sizeof(T);
        if (count < 0 || offset < sizeof(ProgramHeader) || (offset & 7) != 0 || offset + bytes > blob.Length) throw new ProtocolException("a table of the program lies outside of it");
        return MemoryMarshal.Cast<byte, T>(blob.Slice(offset, (int)bytes));
    }
}
