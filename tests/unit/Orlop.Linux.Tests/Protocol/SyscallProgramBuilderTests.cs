using System.Runtime.InteropServices;
using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Protocol;

public sealed class SyscallProgramBuilderTests
{
    [Fact]
    public void Arguments_are_marked_as_what_they_are()
    {
        var builder = new SyscallProgramBuilder();
        int slot = builder.Temporary();
        builder.Call("a call", 123, [5, builder.Text("text"), Operand.Slot(slot), Operand.Null, -1, builder.Bytes([1, 2, 3])], slot, Errno.EEXIST);

        SyscallOperation operation = Operations(builder.Build()).Single();

        (operation.Number, operation.PointerMask, operation.SlotMask, operation.ResultSlot, operation.IgnoredErrno).Should().Be((123, (byte)0b100010, (byte)0b000100, (short)slot, Errno.EEXIST));
        (operation.Argument0, operation.Argument2, operation.Argument3, operation.Argument4).Should().Be((5L, slot, 0L, -1L));
        (operation.Argument5 % 8).Should().Be(0);
    }

    [Fact]
    public void A_text_is_there_once_and_ends_in_NUL()
    {
        var builder = new SyscallProgramBuilder();
        builder.Call("a", 1, [builder.Text("täxt"), builder.Text("täxt"), builder.Text("")]);
        SyscallProgram program = builder.Build();
        SyscallOperation operation = Operations(program).Single();

        operation.Argument1.Should().Be(operation.Argument0);
        program.Blob.Span[(int)operation.Argument0..].StartsWith(Encoding.UTF8.GetBytes("täxt\0")).Should().BeTrue();
        program.Blob.Span[(int)operation.Argument2].Should().Be(0);
    }

    [Fact]
    public void A_descriptor_travels_once_and_in_the_order_of_first_use()
    {
        using SafeFileDescriptor first = FileSystem.Open("/dev/null", OpenFlags.ReadOnly), second = FileSystem.Open("/dev/null", OpenFlags.ReadOnly);
        var builder = new SyscallProgramBuilder();
        builder.Call("a", 1, [builder.Descriptor(first), builder.Descriptor(second), builder.Descriptor(first)]);
        SyscallProgram program = builder.Build();
        SyscallOperation operation = Operations(program).Single();

        program.Descriptors.Should().Equal(first, second);
        (operation.Argument0, operation.Argument1, operation.Argument2).Should().Be((Slots.FirstDescriptor, Slots.FirstDescriptor + 1, Slots.FirstDescriptor));
    }

    [Fact]
    public void Failures_are_told_by_the_label_of_the_call()
    {
        var builder = new SyscallProgramBuilder();
        builder.Call("first", 1, []);
        builder.Call("mount \"/host/x\" on \"/data\"", 2, []);
        SyscallProgram program = builder.Build();

        program.Describe(1, Errno.ENOENT).Should().Be("mount \"/host/x\" on \"/data\": ENOENT");
        program.Describe(7, 9999).Should().Be("operation 7: errno 9999");
    }

    [Fact]
    public void A_program_grows_to_what_it_needs()
    {
        var builder = new SyscallProgramBuilder();
        for (int i = 0; i < 2000; i++) builder.Call($"call {i}", i, [builder.Text($"text number {i}")]);
        SyscallProgram program = builder.Build();

        Operations(program).Select((o, i) => (o.Number, Text: Encoding.UTF8.GetString(program.Blob.Span.Slice((int)o.Argument0, $"text number {i}".Length)))).Should()
            .Equal(Enumerable.Range(0, 2000).Select(i => (i, $"text number {i}")));
        program.Blob.Length.Should().BeLessThan(Frame.MaxBody);
    }

    [Fact]
    public void What_the_kernel_would_misread_is_refused()
    {
        var builder = new SyscallProgramBuilder();
        builder.Invoking(b => b.Text("a\0b")).Should().Throw<ArgumentException>();
        builder.Invoking(b => b.SocketFilter(new byte[7])).Should().Throw<ArgumentException>();
        builder.Invoking(b => b.SocketFilter([])).Should().Throw<ArgumentException>();
        builder.Invoking(b => b.Call("seven", 1, new Operand[7])).Should().Throw<ArgumentException>();
        for (int i = Slots.FirstTemporary; i < ProgramHeader.SlotCount; i++) builder.Temporary();
        builder.Invoking(b => b.Temporary()).Should().Throw<InvalidOperationException>();
    }

    private static SyscallOperation[] Operations(SyscallProgram program)
    {
        ReadOnlySpan<byte> blob = program.Blob.Span;
        ProgramHeader header = MemoryMarshal.Read<ProgramHeader>(blob);
        return MemoryMarshal.Cast<byte, SyscallOperation>(blob.Slice(header.OperationsOffset, header.OperationCount * Marshal.SizeOf<SyscallOperation>())).ToArray();
    }
}
