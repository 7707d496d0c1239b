using System.Runtime.InteropServices;

namespace Orlop.Linux.Protocol;

/// <summary>One system call of a program: 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SyscallOperation
{
    /// <summary><see cref="IgnoredErrno"/> that ignores every failure.</summary>
    public const int AnyErrno = -1;

    /// <summary><see cref="ResultSlot"/> that keeps no result.</summary>
    public const int NoSlot = -1;

    /// <summary>The call's number.</summary>
    public int Number;

    /// <summary>Bit i: argument i is an offset into the blob, and the child passes its address.</summary>
    public byte PointerMask;

    /// <summary>Bit i: argument i is a slot's number, and the child passes its content.</summary>
    public byte SlotMask;

    /// <summary>Where the result goes; <see cref="NoSlot"/> for nowhere. An ignored failure leaves -1 there.</summary>
    public short ResultSlot;

    /// <summary>The errno(3) that does not stop the program; 0 for none, <see cref="AnyErrno"/> for all.</summary>
    public int IgnoredErrno;
    private readonly int padding;

    public long Argument0;
    public long Argument1;
    public long Argument2;
    public long Argument3;
    public long Argument4;
    public long Argument5;
}
