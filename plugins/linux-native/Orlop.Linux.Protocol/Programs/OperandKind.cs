namespace Orlop.Linux.Protocol;

/// <summary>What an <see cref="Operand"/> is.</summary>
internal enum OperandKind : byte
{
    /// <summary>Its value.</summary>
    Number,

    /// <summary>The address of an offset in the blob.</summary>
    Pointer,

    /// <summary>What is in a slot.</summary>
    Slot,
}
