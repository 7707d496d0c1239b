using System.Buffers.Binary;
using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Cgroups;

public sealed class DeviceRulesTests
{
    private static readonly Gen<DeviceAccess> GenRule = Gen.Select(
        Gen.Bool, Gen.OneOf('b', 'c'), Gen.UInt[0, 3].Select(n => n == 3 ? null : (uint?)n), Gen.UInt[0, 3].Select(n => n == 3 ? null : (uint?)n), Gen.OneOf("r", "w", "m", "rw", "rm", "wm", "rwm"),
        (allow, type, major, minor, access) => new DeviceAccess(allow, type, major, minor, access));

    [Fact]
    public void Nothing_is_allowed_that_no_rule_allows()
    {
        IReadOnlyList<DeviceAccess> rules = DeviceAccess.Plan(null);

        rules[0].ToLegacy().Should().Be("a");
        rules[0].Allow.Should().BeFalse();
        rules.Select(rule => rule.ToLegacy()).Should().Contain(["c 1:3 rwm", "c *:* m", "c 136:* rwm"]).And.NotContain("b *:* rwm");
    }

    [Fact]
    public void Allowing_all_leaves_nothing_to_write() =>
        DeviceAccess.Plan([new DeviceRule { Allow = true, Type = "a", Access = "rwm" }]).Should().ContainSingle().Which.Should().Be(new DeviceAccess(true, 'a', null, null, "rwm"));

    [Theory]
    [InlineData("x", null, "rwm")]
    [InlineData("c", -7L, "rwm")]
    [InlineData("c", 1L, "rx")]
    [InlineData("a", 1L, "rwm")]
    public void A_rule_that_makes_no_sense_is_refused(string type, long? major, string access)
    {
        Action plan = () => DeviceAccess.Plan([new DeviceRule { Type = type, Major = major, Access = access }]);

        plan.Should().Throw<RuntimeException>();
    }

    [Fact]
    public void The_program_of_v2_decides_as_the_rules_do() =>
        Gen.Select(GenRule.Array[0, 8], Gen.Bool, Gen.UInt[0, 3], Gen.UInt[0, 3], Gen.UInt[1, 7]).Sample((rules, block, major, minor, access) =>
            Run(DeviceProgram.Compile(rules), block ? 1u : 2u, major, minor, access) == Decide(rules, block ? 'b' : 'c', major, minor, access), iter: 10_000);

    [RootFact]
    public void The_kernel_takes_the_program()
    {
        const string Unified = "/sys/fs/cgroup/unified";
        if (!Directory.Exists(Unified)) return; // the verifier is asked where there is a v2 tree
        string folder = $"{Unified}/orlop-test-{Environment.ProcessId}";
        Directory.CreateDirectory(folder);
        try
        {
            Action attach = () => DeviceFilter.Attach(folder, DeviceProgram.Compile(DeviceAccess.Plan(null)));

            attach.Should().NotThrow<SyscallException>();
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Decide(DeviceAccess[] rules, char type, uint major, uint minor, uint access)
    {
        foreach (DeviceAccess rule in rules.Reverse())
        {
            uint bits = rule.Access.Aggregate(0u, (mask, letter) => mask | letter switch { 'm' => 1u, 'r' => 2u, _ => 4u });
            bool meets = rule.Allow ? (access & ~bits) == 0 : (access & bits) != 0;
            if (rule.Type == type && (rule.Major ?? major) == major && (rule.Minor ?? minor) == minor && meets) return rule.Allow;
        }
        return false;
    }

    /// <summary>Runs eBPF as far as device programs use it.</summary>
    private static bool Run(byte[] program, uint type, uint major, uint minor, uint access)
    {
        uint[] context = [access << 16 | type, major, minor];
        ulong[] registers = new ulong[11];
        for (int at = 0; ; at++)
        {
            ReadOnlySpan<byte> instruction = program.AsSpan(at * 8, 8);
            int target = instruction[1] & 15, source = instruction[1] >> 4;
            short offset = BinaryPrimitives.ReadInt16LittleEndian(instruction[2..]);
            uint immediate = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (instruction[0])
            {
                case 0x61: registers[target] = context[offset / 4]; break;
                case 0xb7: registers[target] = immediate; break;
                case 0xbf: registers[target] = registers[source]; break;
                case 0x54: registers[target] = (uint)registers[target] & immediate; break;
                case 0x74: registers[target] = (uint)registers[target] >> (int)immediate; break;
                case 0x16: if ((uint)registers[target] == immediate) at += offset; break;
                case 0x56: if ((uint)registers[target] != immediate) at += offset; break;
                case 0x5e: if ((uint)registers[target] != (uint)registers[source]) at += offset; break;
                case 0x95: return registers[0] == 1;
                default: throw new InvalidOperationException($"instruction {at} is unknown");
            }
        }
    }
}
