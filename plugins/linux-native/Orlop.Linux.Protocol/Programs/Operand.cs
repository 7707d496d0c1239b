namespace Orlop.Linux.Protocol;

/// <summary>An argument of a system call in a program: a number, a place in the program's data, or a slot.</summary>
internal readonly struct Operand
{
    private Operand(OperandKind kind, long value)
    {
        Kind = kind;
        Value = value;
    }

    internal OperandKind Kind { get; }

    internal long Value { get; }

    /// <summary>NULL.</summary>
    public static Operand Null => new(OperandKind.Number, 0);

    /// <summary>A number.</summary>
    public static implicit operator Operand(long value) => new(OperandKind.Number, value);

    /// <summary>The content of a slot when the call is made.</summary>
    public static Operand Slot(int slot) => new(OperandKind.Slot, slot);

    internal static Operand Pointer(int offset) => new(OperandKind.Pointer, offset);
}
