using System.Buffers.Binary;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using static Orlop.Linux.Seccomp.BpfInstruction;

namespace Orlop.Linux.Seccomp;

/// <summary>Compiles a profile to classic BPF: a dispatch by architecture, then a binary search over call numbers.</summary>
/// <remarks>The mean call takes about a dozen instructions; a linear list, which libseccomp writes by default, takes hundreds.</remarks>
internal static class SeccompCompiler
{
    /// <summary><c>BPF_MAXINSNS</c>.</summary>
    public const int MaxInstructions = 4096;

    private const int NumberOffset = 0;
    private const int ArchitectureOffset = 4;
    private const int ArgumentsOffset = 16;
    private const uint Enosys = 38;

    /// <summary>Marks a jump to the end of the rule, which is not known yet.</summary>
    private const int ToNextRule = -1;

    /// <returns>An array of <c>struct sock_filter</c>.</returns>
    public static byte[] Compile(LinuxSeccomp profile) => Encode(Assemble(profile));

    public static IReadOnlyList<BpfInstruction> Assemble(LinuxSeccomp profile)
    {
        uint fallback = SeccompAction.Parse(profile.DefaultAction, profile.DefaultErrnoRet);
        IReadOnlyList<SeccompArchitecture> architectures = SeccompArchitecture.Select(profile.Architectures);
        var program = new List<BpfInstruction> { Load(ArchitectureOffset) };
        foreach (IGrouping<uint, SeccompArchitecture> family in architectures.GroupBy(architecture => architecture.AuditArch))
        {
            List<BpfInstruction> body = Family(profile, [.. family], fallback);
            program.Add(Jump(JumpEqual, family.Key, 1, 0));
            program.Add(Skip(body.Count));
            program.AddRange(body);
        }
        program.Add(Return(SeccompAction.KillProcess));
        if (program.Count > MaxInstructions)
            throw RuntimeException.InvalidArgument(
                $"seccomp profile: it compiles to {program.Count} instructions, the kernel takes {MaxInstructions}. Use fewer argument conditions.");
        return program;
    }

    private static List<BpfInstruction> Family(LinuxSeccomp profile, IReadOnlyList<SeccompArchitecture> family, uint fallback)
    {
        var body = new List<BpfInstruction> { Load(NumberOffset) };
        if (family[0] == SeccompArchitecture.X64)
        {
            // x32 calls arrive as x86_64 with bit 30 set; where the profile does not name x32 they are calls that nobody knows.
            List<BpfInstruction> x32 = family.Contains(SeccompArchitecture.X32)
                ? Search(profile, SeccompArchitecture.X32, SeccompArchitecture.X32Bit, fallback)
                : [Return(Unknown(profile, fallback) ?? SeccompAction.KillProcess)];
            Branch(body, SeccompArchitecture.X32Bit, below: Search(profile, SeccompArchitecture.X64, 0, fallback), x32);
        }
        else
        {
            body.AddRange(Search(profile, family[0], 0, fallback));
        }
        return body;
    }

    /// <summary>
    /// ENOSYS for calls that are newer than the profile, where it would refuse them: programs try new calls and fall back on
    /// ENOSYS, but take EPERM for an answer (as runc does since 1.0-rc93). Null when the default action holds for them.
    /// </summary>
    private static uint? Unknown(LinuxSeccomp profile, uint fallback) =>
        SeccompAction.IsPermissive(fallback) || profile.Syscalls is null or { Count: 0 } ? null : SeccompAction.Errno | Enosys;

    private static List<BpfInstruction> Search(LinuxSeccomp profile, SeccompArchitecture architecture, uint bit, uint fallback)
    {
        SortedDictionary<uint, SeccompRules> byNumber = SeccompRules.ByNumber(profile, architecture);
        var ranges = new List<(uint Start, List<BpfInstruction> Leaf)>();
        uint next = 0;
        foreach ((uint number, SeccompRules rules) in byNumber)
        {
            if (number > next || ranges.Count == 0) Append(next, [Return(fallback)]);
            Append(number, Leaf(rules, fallback));
            next = number + 1;
        }
        Append(next, [Return(byNumber.Count > 0 ? Unknown(profile, fallback) ?? fallback : fallback)]);
        return Tree(ranges, 0, ranges.Count);

        void Append(uint start, List<BpfInstruction> leaf)
        {
            if (ranges.Count > 0 && ranges[^1].Start == start + bit) ranges.RemoveAt(ranges.Count - 1);
            if (ranges.Count == 0 || !ranges[^1].Leaf.SequenceEqual(leaf)) ranges.Add((start + bit, leaf));
        }
    }

    private static List<BpfInstruction> Tree(List<(uint Start, List<BpfInstruction> Leaf)> ranges, int from, int to)
    {
        if (to - from == 1) return ranges[from].Leaf;
        int middle = (from + to) / 2;
        var tree = new List<BpfInstruction>();
        Branch(tree, ranges[middle].Start, below: Tree(ranges, from, middle), Tree(ranges, middle, to));
        return tree;
    }

    private static void Branch(List<BpfInstruction> program, uint start, List<BpfInstruction> below, List<BpfInstruction> above)
    {
        if (below.Count <= FurthestJump)
        {
            program.Add(Jump(JumpGreaterOrEqual, start, below.Count, 0));
        }
        else
        {
            program.Add(Jump(JumpGreaterOrEqual, start, 0, 1));
            program.Add(Skip(below.Count));
        }
        program.AddRange(below);
        program.AddRange(above);
    }

    private static List<BpfInstruction> Leaf(SeccompRules rules, uint fallback)
    {
        var leaf = new List<BpfInstruction>();
        foreach (SeccompRule rule in rules.Conditional)
        {
            int start = leaf.Count;
            foreach (SeccompCondition condition in rule.Conditions) leaf.AddRange(Condition(condition));
            leaf.Add(Return(rule.Verdict));
            for (int i = start; i < leaf.Count; i++) leaf[i] = Resolve(leaf[i], distance: leaf.Count - i - 1);
        }
        leaf.Add(Return(rules.Otherwise ?? fallback));
        return leaf;
    }

    private static BpfInstruction Resolve(BpfInstruction instruction, int distance) => instruction with
    {
        JumpTrue = instruction.JumpTrue == ToNextRule ? distance : instruction.JumpTrue,
        JumpFalse = instruction.JumpFalse == ToNextRule ? distance : instruction.JumpFalse,
    };

    /// <summary>Compares 64 bits in two halves; falls through when the condition holds. Little-endian, like all our architectures.</summary>
    private static BpfInstruction[] Condition(SeccompCondition condition)
    {
        uint low = (uint)condition.Value, high = (uint)(condition.Value >> 32);
        BpfInstruction loadLow = Load(ArgumentsOffset + 8 * condition.Index), loadHigh = Load(ArgumentsOffset + 8 * condition.Index + 4);
        return condition.Comparison switch
        {
            SeccompComparison.Equal => [loadHigh, Jump(JumpEqual, high, 0, ToNextRule), loadLow, Jump(JumpEqual, low, 0, ToNextRule)],
            SeccompComparison.NotEqual => [loadHigh, Jump(JumpEqual, high, 0, 2), loadLow, Jump(JumpEqual, low, ToNextRule, 0)],
            SeccompComparison.Greater => Above(JumpGreater),
            SeccompComparison.GreaterOrEqual => Above(JumpGreaterOrEqual),
            SeccompComparison.Less => Below(JumpGreaterOrEqual),
            SeccompComparison.LessOrEqual => Below(JumpGreater),
            _ => Masked(),
        };

        BpfInstruction[] Above(ushort lowHalf) =>
            [loadHigh, Jump(JumpGreater, high, 3, 0), Jump(JumpEqual, high, 0, ToNextRule), loadLow, Jump(lowHalf, low, 0, ToNextRule)];

        BpfInstruction[] Below(ushort refusedLowHalf) =>
            [loadHigh, Jump(JumpGreater, high, ToNextRule, 0), Jump(JumpEqual, high, 0, 2), loadLow, Jump(refusedLowHalf, low, ToNextRule, 0)];

        BpfInstruction[] Masked() =>
        [
            loadHigh, Jump(And, high, 0, 0), Jump(JumpEqual, (uint)(condition.ValueTwo >> 32) & high, 0, ToNextRule),
            loadLow, Jump(And, low, 0, 0), Jump(JumpEqual, (uint)condition.ValueTwo & low, 0, ToNextRule),
        ];
    }

    private static byte[] Encode(IReadOnlyList<BpfInstruction> program)
    {
        byte[] bytes = new byte[program.Count * 8];
        for (int i = 0; i < program.Count; i++)
        {
            BpfInstruction instruction = program[i];
            if (instruction.JumpTrue > FurthestJump || instruction.JumpFalse > FurthestJump)
                throw RuntimeException.InvalidArgument("seccomp profile: a rule has too many conditions to be compiled.");
            Span<byte> target = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(target, instruction.Code);
            target[2] = (byte)instruction.JumpTrue;
            target[3] = (byte)instruction.JumpFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], instruction.Operand);
        }
        return bytes;
    }
}
