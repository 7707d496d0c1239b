extern alias supervisor;

using System.Reflection;
using System.Reflection.Emit;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using Interpreter = supervisor::Orlop.Linux.Supervisor.Processes.Interpreter;
using ProgramImage = supervisor::Orlop.Linux.Supervisor.Processes.ProgramImage;

namespace Orlop.Linux.Tests.Supervisor;

public sealed unsafe class InterpreterTests
{
    private static readonly MethodInfo[] ChildMethods =
        typeof(Interpreter).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    [Fact]
    public void Running_a_program_allocates_nothing()
    {
        var builder = new SyscallProgramBuilder();
        int slot = builder.Temporary();
        for (int i = 0; i < 100; i++)
        {
            builder.Call("getpid", SyscallNumber.GetPid, [], slot);
            builder.Call("fails", SyscallNumber.Chdir, [builder.Text("/no/such/folder")], ignoredErrno: Errno.ENOENT);
            builder.Call("tkill 0", SyscallNumber.Kill, [Operand.Slot(slot), 0]);
        }

        using ProgramImage image = ProgramImage.Load(builder.Build().Blob.Span);
        Interpreter.Run(image.Blob).Should().Be(126, "it ends without leaving");

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) _ = Interpreter.Run(image.Blob);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        image.FailedOperation.Should().Be(300);
    }

    [Fact]
    public void The_first_failure_that_is_not_ignored_ends_the_program()
    {
        var builder = new SyscallProgramBuilder();
        builder.Call("fails, ignored", SyscallNumber.Close, [-1], ignoredErrno: SyscallOperation.AnyErrno);
        builder.Call("fails, another errno ignored", SyscallNumber.Close, [-1], ignoredErrno: Errno.ENOENT);
        builder.Call("not reached", SyscallNumber.GetPid, []);
        SyscallProgram program = builder.Build();
        using ProgramImage image = ProgramImage.Load(program.Blob.Span);

        Interpreter.Run(image.Blob).Should().Be(127);

        (image.FailedOperation, image.FailedErrno).Should().Be((1, Errno.EBADF));
        program.Describe(image.FailedOperation, image.FailedErrno).Should().Be("fails, another errno ignored: EBADF");
    }

    [Fact]
    public void Arrays_filters_and_structures_arrive_with_their_pointers_set()
    {
        var builder = new SyscallProgramBuilder();
        (SafeFileDescriptor read, SafeFileDescriptor write) = Sockets.Pipe();
        using (read)
        using (write)
        {
            const int WriteVector = 20;
            Operand vector = builder.TextArray(["one", "two"]); // pointers: with their lengths in between they would be iovecs
            Operand filter = builder.SocketFilter(new byte[16]);
            builder.Call("write the array", SyscallNumber.Write, [write.Number, vector, 24]);
            builder.Call("write the filter", SyscallNumber.Write, [write.Number, filter, 16]);
            builder.Call("writev nothing", WriteVector, [write.Number, vector, 0]);
            using ProgramImage image = ProgramImage.Load(builder.Build().Blob.Span);
            Interpreter.Run(image.Blob);

            var words = new long[5];
            fixed (long* p = words) FileSystem.Read(read, new Span<byte>(p, 40)).Should().Be(40);
            new string((sbyte*)words[0]).Should().Be("one");
            new string((sbyte*)words[1]).Should().Be("two");
            words[2].Should().Be(0);
            (words[3] & 0xffff).Should().Be(2, "instructions");
            (words[4] - (long)image.Blob).Should().BeInRange(0, image.Blob is null ? 0 : 1 << 20);
        }
    }

    [Fact]
    public void The_child_path_holds_no_instruction_that_could_allocate_throw_or_run_other_code()
    {
        OpCode[] forbidden = [OpCodes.Newobj, OpCodes.Newarr, OpCodes.Box, OpCodes.Throw, OpCodes.Rethrow, OpCodes.Callvirt, OpCodes.Calli, OpCodes.Ldstr, OpCodes.Castclass, OpCodes.Isinst, OpCodes.Ldftn, OpCodes.Ldsfld, OpCodes.Ldsflda, OpCodes.Stsfld];
        string[] allowedCalls = ["RawSyscall", "ErrnoLocation", "Run", "ResetSignals"];
        foreach (MethodInfo method in ChildMethods)
        {
            foreach ((OpCode code, MethodBase? called) in Instructions(method))
            {
                forbidden.Should().NotContain(code, "of {0}", method.Name);
                if (called is not null) allowedCalls.Should().Contain(called.Name, "of {0}", method.Name);
            }
        }

        ChildMethods.Select(m => m.Name).Should().Contain(["Enter", "Run"]);
        typeof(Interpreter).TypeInitializer.Should().BeNull();
    }

    // ECMA-335, partition III: one- and two-byte opcodes with operands of known size.
    private static IEnumerable<(OpCode Code, MethodBase? Called)> Instructions(MethodInfo method)
    {
        Dictionary<short, OpCode> codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);
        byte[] il = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int at = 0; at < il.Length;)
        {
            OpCode code = codes[il[at] == 0xFE ? (short)(0xFE00 | il[++at]) : il[at]];
            at++;
            MethodBase? called = code.OperandType == OperandType.InlineMethod ? method.Module.ResolveMethod(BitConverter.ToInt32(il, at)) : null;
            yield return (code, called);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }
}
