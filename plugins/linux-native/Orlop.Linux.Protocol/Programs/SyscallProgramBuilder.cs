using System.Runtime.InteropServices;
using System.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>
/// Builds a syscall program. The program runs in a child that shares the supervisor's memory until execve(2): it is a straight list of calls, and the
/// first failure that is not ignored ends it. Before its first call every signal has its default action and none is blocked.
/// </summary>
/// <remarks>
/// The child stands in the supervisor's own, nearly empty mount namespace (see <see cref="PodRoot"/>), so paths of the node lead nowhere: what a
/// container gets from the node travels as descriptors (open_tree(2), fsmount(2), openat(2)) and is put in place with move_mount(2).
/// It has every descriptor of the supervisor, all closed on exec: a program calls <see cref="CloseDescriptors"/> before it looks at a path that the
/// image or the user chose (CVE-2024-21626). The program ends in an operation that leaves it: execve(2), of which there may be several with ignored errors before the last, or exit_group(2).
/// </remarks>
internal sealed class SyscallProgramBuilder
{
    private readonly List<SyscallOperation> operations = [];
    private readonly List<string> labels = [];
    private readonly List<(int At, int Target)> relocations = [];
    private readonly List<SafeFileDescriptor> descriptors = [];
    private readonly Dictionary<string, int> texts = new(StringComparer.Ordinal); // one copy of each string
    private byte[] data = new byte[8192];
    private int length = Marshal.SizeOf<ProgramHeader>();
    private int nextSlot = Slots.FirstTemporary;

    /// <summary>Operations so far: the next one's index.</summary>
    public int Count => operations.Count;

    /// <summary>A NUL-terminated string.</summary>
    /// <exception cref="ArgumentException">There is a NUL in it.</exception>
    public Operand Text(string value)
    {
        if (texts.TryGetValue(value, out int known)) return Operand.Pointer(known);
        if (value.Contains('\0')) throw new ArgumentException("a NUL in a string for the kernel", nameof(value));
        int size = Encoding.UTF8.GetByteCount(value);
        int offset = Reserve(size + 1, alignment: 1);
        Encoding.UTF8.GetBytes(value, data.AsSpan(offset, size));
        texts.Add(value, offset);
        return Operand.Pointer(offset);
    }

    /// <summary>Bytes as they are, 8-aligned: a structure, a buffer for a result.</summary>
    public Operand Bytes(ReadOnlySpan<byte> value)
    {
        int offset = Reserve(value.Length, alignment: 8);
        value.CopyTo(data.AsSpan(offset));
        return Operand.Pointer(offset);
    }

    /// <summary>A structure.</summary>
    public Operand Structure<T>(in T value)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1)));

    /// <summary>A NULL-terminated array of strings, as for execve(2).</summary>
    public Operand TextArray(IReadOnlyList<string> values)
    {
        var targets = new int[values.Count];
        for (int i = 0; i < targets.Length; i++) targets[i] = (int)Text(values[i]).Value;
        int array = Reserve(8 * (values.Count + 1), alignment: 8);
        for (int i = 0; i < targets.Length; i++) relocations.Add((array + (8 * i), targets[i]));
        return Operand.Pointer(array);
    }

    /// <summary>A <c>struct sock_fprog</c> around a filter of 8-byte instructions, as for seccomp(2).</summary>
    /// <exception cref="ArgumentException">There is no instruction, or more than BPF_MAXINSNS, or half a one.</exception>
    public Operand SocketFilter(ReadOnlySpan<byte> instructions)
    {
        const int InstructionSize = 8, MaxInstructions = 4096;
        if (instructions.IsEmpty || instructions.Length % InstructionSize != 0 || instructions.Length > InstructionSize * MaxInstructions)
            throw new ArgumentException($"a filter of {instructions.Length} bytes", nameof(instructions));
        int filter = (int)Bytes(instructions).Value;
        int structure = Reserve(16, alignment: 8);
        ushort count = (ushort)(instructions.Length / InstructionSize);
        MemoryMarshal.Write(data.AsSpan(structure), in count);
        relocations.Add((structure + 8, filter));
        return Operand.Pointer(structure);
    }

    /// <summary>A descriptor of the sender, which travels with the program.</summary>
    /// <returns>Its content in the child.</returns>
    public Operand Descriptor(SafeFileDescriptor descriptor) => Operand.Slot(Slots.FirstDescriptor + DescriptorIndex(descriptor));

    /// <summary>The index of a descriptor that travels with the program, for the fields of <see cref="LaunchRequest"/>; it is added when it is new.</summary>
    public int DescriptorIndex(SafeFileDescriptor descriptor)
    {
        int index = descriptors.IndexOf(descriptor);
        if (index >= 0) return index;
        if (descriptors.Count == Frame.MaxDescriptors) throw new InvalidOperationException($"a program has {Frame.MaxDescriptors} descriptors at most");
        descriptors.Add(descriptor);
        return descriptors.Count - 1;
    }

    /// <summary>A slot for a result of one call that another one uses.</summary>
    public int Temporary() => nextSlot < ProgramHeader.SlotCount ? nextSlot++ : throw new InvalidOperationException("a program has no more slots");

    /// <summary>Adds a call.</summary>
    /// <param name="label">What it does and on what, for people: <c>mount "/host/x" on "/data"</c>.</param>
    /// <param name="number">Its number; <see cref="SyscallNumber"/>.</param>
    /// <param name="arguments">Up to six; what is missing is 0.</param>
    /// <param name="resultSlot">Where its result goes; from <see cref="Temporary"/>.</param>
    /// <param name="ignoredErrno">An error that does not matter; <see cref="SyscallOperation.AnyErrno"/> for all.</param>
    public void Call(
        string label, int number, ReadOnlySpan<Operand> arguments, int resultSlot = SyscallOperation.NoSlot, int ignoredErrno = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arguments.Length, 6);
        var operation = new SyscallOperation { Number = number, ResultSlot = (short)resultSlot, IgnoredErrno = ignoredErrno };
        Span<long> values = MemoryMarshal.CreateSpan(ref operation.Argument0, 6);
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i].Value;
            if (arguments[i].Kind == OperandKind.Pointer) operation.PointerMask |= (byte)(1 << i);
            if (arguments[i].Kind == OperandKind.Slot) operation.SlotMask |= (byte)(1 << i);
        }

        operations.Add(operation);
        labels.Add(label);
    }

    /// <summary>Puts the supervisor's ends of standard input, output and error on 0, 1 and 2.</summary>
    public void UseStandardStreams()
    {
        for (int slot = Slots.Input; slot <= Slots.Error; slot++) Call($"dup2 to {slot}", SyscallNumber.Dup2, [Operand.Slot(slot), slot]);
    }

    /// <summary>Closes every descriptor above 2: slots that hold descriptors are void afterwards.</summary>
    public void CloseDescriptors() => Call("close_range", SyscallNumber.CloseRange, [3, uint.MaxValue, 0]);

    /// <summary>Ends the program in a new one.</summary>
    public void Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Call($"execve \"{path}\"", SyscallNumber.Execve, [Text(path), TextArray(arguments), TextArray(environment)]);

    /// <summary>Finishes the program.</summary>
    public SyscallProgram Build()
    {
        int relocationTable = Reserve(relocations.Count * 8, alignment: 8);
        for (int i = 0; i < relocations.Count; i++)
        {
            (int at, int target) = relocations[i];
            MemoryMarshal.Write(data.AsSpan(relocationTable + (8 * i)), in at);
            MemoryMarshal.Write(data.AsSpan(relocationTable + (8 * i) + 4), in target);
        }

        ReadOnlySpan<byte> list = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(operations));
        int operationTable = Reserve(list.Length, alignment: 8);
        list.CopyTo(data.AsSpan(operationTable));
        var header = new ProgramHeader
        {
            Magic = ProgramHeader.ExpectedMagic,
            Size = length,
            OperationCount = operations.Count,
            OperationsOffset = operationTable,
            RelocationCount = relocations.Count,
            RelocationsOffset = relocationTable,
            FailedOperation = -1,
        };
        MemoryMarshal.Write(data, in header);
        return new SyscallProgram(data.AsSpan(0, length).ToArray(), [.. labels], [.. descriptors]);
    }

    private int Reserve(int count, int alignment)
    {
        int start = (length + alignment - 1) & -alignment;
        length = checked(start + count);
        if (length > data.Length) Array.Resize(ref data, Math.Max(length, data.Length * 2));
        return start;
    }
}
