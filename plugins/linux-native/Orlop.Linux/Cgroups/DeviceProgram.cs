using System.Buffers.Binary;

namespace Orlop.Linux.Cgroups;

/// <summary>Compiles device rules for cgroup v2, which has no devices controller: a BPF_PROG_TYPE_CGROUP_DEVICE program. Pure.</summary>
internal static class DeviceProgram
{
    private const byte LoadWord = 0x61, MoveImmediate = 0xb7, MoveRegister = 0xbf, AndImmediate = 0x54, ShiftRight = 0x74, Exit = 0x95;
    private const byte JumpEqual = 0x16, JumpNotEqual = 0x56, JumpNotEqualRegister = 0x5e;

    // struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; }: access << 16 | type
    private const byte Context = 1, Type = 2, Access = 3, Major = 4, Minor = 5, Scratch = 6, Result = 0;
    private const int BlockDevice = 1, CharacterDevice = 2, Mknod = 1, Read = 2, Write = 4;

    /// <returns>An array of <c>struct bpf_insn</c>: the last matching rule decides.</returns>
    public static byte[] Compile(IReadOnlyList<DeviceAccess> rules)
    {
        var program = new List<ulong>
        {
            Instruction(LoadWord, Type, Context, 0, 0),
            Instruction(MoveRegister, Access, Type, 0, 0),
            Instruction(AndImmediate, Type, 0, 0, 0xFFFF),
            Instruction(ShiftRight, Access, 0, 0, 16),
            Instruction(LoadWord, Major, Context, 4, 0),
            Instruction(LoadWord, Minor, Context, 8, 0),
        };
        // The verifier refuses instructions that nothing reaches: after a rule on everything there is nothing more to say.
        IReadOnlyList<DeviceAccess> effective = [.. rules.Reverse()];
        int total = effective.TakeWhile(rule => !rule.IsTotal).Count();
        foreach (DeviceAccess rule in effective.Take(total)) program.AddRange(Rule(rule));
        program.AddRange(Verdict(total < effective.Count && effective[total].Allow));

        byte[] bytes = new byte[program.Count * 8];
        for (int i = 0; i < program.Count; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), program[i]);
        return bytes;
    }

    private static List<ulong> Rule(DeviceAccess rule)
    {
        var tests = new List<(byte Code, byte Register, byte Source, int Value)>();
        if (rule.Type != 'a') tests.Add((JumpNotEqual, Type, 0, rule.Type == 'b' ? BlockDevice : CharacterDevice));
        if (rule.Major is { } major) tests.Add((JumpNotEqual, Major, 0, (int)major));
        if (rule.Minor is { } minor) tests.Add((JumpNotEqual, Minor, 0, (int)minor));

        int mask = (rule.Access.Contains('m', StringComparison.Ordinal) ? Mknod : 0)
            | (rule.Access.Contains('r', StringComparison.Ordinal) ? Read : 0)
            | (rule.Access.Contains('w', StringComparison.Ordinal) ? Write : 0);
        bool partial = mask != (Mknod | Read | Write);

        List<ulong> verdict = Verdict(rule.Allow);
        var code = new List<ulong>();
        int length = tests.Count + (partial ? 3 : 0) + verdict.Count;
        foreach ((byte op, byte register, byte source, int value) in tests)
            code.Add(Instruction(op, register, source, (short)(length - code.Count - 1), value));
        if (partial)
        {
            // An allowing rule must cover all that is asked for; a denying one is met by any part of it.
            code.Add(Instruction(MoveRegister, Scratch, Access, 0, 0));
            code.Add(Instruction(AndImmediate, Scratch, 0, 0, mask));
            code.Add(rule.Allow
                ? Instruction(JumpNotEqualRegister, Scratch, Access, (short)verdict.Count, 0)
                : Instruction(JumpEqual, Scratch, 0, (short)verdict.Count, 0));
        }
        code.AddRange(verdict);
        return code;
    }

    private static List<ulong> Verdict(bool allow) => [Instruction(MoveImmediate, Result, 0, 0, allow ? 1 : 0), Instruction(Exit, 0, 0, 0, 0)];

    private static ulong Instruction(byte code, byte destination, byte source, short offset, int immediate) =>
        code | (ulong)destination << 8 | (ulong)source << 12 | (ulong)(ushort)offset << 16 | (ulong)(uint)immediate << 32;
}
