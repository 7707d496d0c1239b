namespace Orlop.Linux.Seccomp;

/// <summary>An instruction of classic BPF: <c>struct sock_filter</c>. Jumps count the instructions that they skip.</summary>
internal readonly record struct BpfInstruction(ushort Code, int JumpTrue, int JumpFalse, uint Operand)
{
    public const ushort LoadWord = 0x20;
    public const ushort And = 0x54;
    public const ushort JumpAlways = 0x05;
    public const ushort JumpEqual = 0x15;
    public const ushort JumpGreater = 0x25;
    public const ushort JumpGreaterOrEqual = 0x35;
    public const ushort Ret = 0x06;

    /// <summary>The furthest conditional jump: the fields are one byte wide.</summary>
    public const int FurthestJump = 255;

    /// <summary>Loads 32 bits of <c>struct seccomp_data</c>.</summary>
    public static BpfInstruction Load(int offset) => new(LoadWord, 0, 0, (uint)offset);

    public static BpfInstruction Return(uint verdict) => new(Ret, 0, 0, verdict);

    public static BpfInstruction Skip(int count) => new(JumpAlways, 0, 0, (uint)count);

    public static BpfInstruction Jump(ushort code, uint operand, int whenTrue, int whenFalse) => new(code, whenTrue, whenFalse, operand);
}
