using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Seccomp;

namespace Orlop.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint X64 = 0xC000_003E, X86 = 0x4000_0003, Allow = 0x7FFF_0000, Errno = 0x0005_0000, KillProcess = 0x8000_0000;

    private static readonly string[] Names = ["read", "write", "open", "openat", "socket", "clone", "personality", "mkdir", "ptrace", "mmap", "socketcall", "waitpid", "no_such_call", "file_setattr"];
    private static readonly string[] Operators = ["SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"];
    private static readonly string[] Actions = ["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP", "SCMP_ACT_TRACE", "SCMP_ACT_LOG"];

    // Values near the borders of the 32-bit halves, so that comparisons meet equal halves.
    private static readonly Gen<ulong> GenValue = Gen.OneOf(
        Gen.ULong, Gen.ULong[0, 4], Gen.OneOf<ulong>(0x1_0000_0000UL, 0x1_0000_0001UL, 0xFFFF_FFFFUL, 0xFFFF_FFFF_FFFF_FFFFUL, 0xFFFF_FFFF_0000_0000UL, 0x7E02_0000UL, 0x1_0000_0002UL));

    private static readonly Gen<SeccompArg> GenArg =
        Gen.Select(Gen.UInt[0, 5], GenValue, GenValue, Gen.OneOf(Operators), (index, value, two, op) => new SeccompArg { Index = index, Value = value, ValueTwo = two, Op = op });

    private static readonly Gen<SeccompSyscall> GenRule = Gen.Select(
        Gen.OneOf(Names).Array[1, 3], Gen.OneOf(Actions), Gen.UInt[1, 200], GenArg.Array[0, 3], (names, action, errno, args) => new SeccompSyscall { Names = names, Action = action, ErrnoRet = errno, Args = args });

    private static readonly Gen<LinuxSeccomp> GenProfile = Gen.Select(
        GenRule.Array[0, 8], Gen.OneOf(Actions), Gen.Bool, Gen.Bool, (rules, action, x86, x32) => new LinuxSeccomp
        {
            DefaultAction = action,
            Architectures = ["SCMP_ARCH_X86_64", .. x86 ? ["SCMP_ARCH_X86"] : Array.Empty<string>(), .. x32 ? ["SCMP_ARCH_X32"] : Array.Empty<string>()],
            Syscalls = rules,
        });

    private static readonly Gen<(uint Architecture, uint Number)> GenCall = Gen.Select(
        Gen.OneOf(X64, X86, 0xC000_00B7U), Gen.OneOf(Gen.UInt[0, 480], Gen.UInt, Gen.UInt[0, 550].Select(n => n | 0x4000_0000U)), (architecture, number) => (architecture, number));

    [Fact]
    public void A_compiled_filter_decides_as_its_rules_do() =>
        Gen.Select(GenProfile, GenCall.Array[20], GenValue.Array[6]).Sample(
            (profile, calls, arguments) =>
            {
                byte[] program = SeccompCompiler.Compile(profile);
                foreach ((uint architecture, uint number) in calls)
                    if (BpfSimulator.Run(program, architecture, number, arguments) != SeccompOracle.Decide(profile, architecture, number, arguments)) return false;
                return true;
            },
            iter: 5_000);

    [Fact]
    public void Calls_that_are_newer_than_the_profile_do_not_exist()
    {
        byte[] program = SeccompCompiler.Compile(new LinuxSeccomp { DefaultAction = "SCMP_ACT_ERRNO", Syscalls = [new SeccompSyscall { Names = ["read", "statmount"], Action = "SCMP_ACT_ALLOW" }] });

        BpfSimulator.Run(program, X64, 457, []).Should().Be(Allow);
        BpfSimulator.Run(program, X64, 458, []).Should().Be(Errno | 38);
        BpfSimulator.Run(program, X64, 2, []).Should().Be(Errno | 1);
    }

    [Fact]
    public void A_foreign_architecture_is_killed() =>
        BpfSimulator.Run(SeccompCompiler.Compile(new LinuxSeccomp { DefaultAction = "SCMP_ACT_ALLOW" }), X86, 1, []).Should().Be(KillProcess);

    [Fact]
    public void A_profile_with_every_call_fits_into_the_kernels_limit()
    {
        SeccompSyscall[] rules = [.. SyscallTable.X64.Keys.Concat(SyscallTable.X86.Keys).Distinct().Select((name, i) => new SeccompSyscall { Names = [name], Action = Actions[i % Actions.Length] })];

        IReadOnlyList<BpfInstruction> program = SeccompCompiler.Assemble(new LinuxSeccomp { DefaultAction = "SCMP_ACT_ERRNO", Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"], Syscalls = rules });

        program.Count.Should().BeLessThan(SeccompCompiler.MaxInstructions);
    }

    [Theory]
    [InlineData("SCMP_ACT_NOTIFY", "*SCMP_ACT_NOTIFY needs a seccomp agent*")]
    [InlineData("SCMP_ACT_DANCE", "*unknown action 'SCMP_ACT_DANCE'*")]
    public void An_action_that_cannot_be_served_is_named(string action, string message)
    {
        Action compile = () => SeccompCompiler.Compile(new LinuxSeccomp { DefaultAction = action });

        compile.Should().Throw<RuntimeException>().WithMessage(message);
    }

    [Fact]
    public void The_same_content_is_compiled_once()
    {
        var filters = new SeccompFilters();
        static LinuxSeccomp Profile() => new() { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [new SeccompSyscall { Names = ["mkdir"], Action = "SCMP_ACT_LOG" }] };

        filters.Get(Profile()).Should().BeSameAs(filters.Get(Profile()));
        filters.Get(Profile()).Flags.Should().Be(4);
        filters.Get(Profile() with { Flags = ["SECCOMP_FILTER_FLAG_LOG"] }).Flags.Should().Be(2);
    }
}
