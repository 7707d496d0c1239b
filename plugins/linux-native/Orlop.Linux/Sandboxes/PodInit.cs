using System.Buffers.Binary;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

/// <summary>
/// The first process of a pid namespace that a pod's containers share. It only has to exist: SIGCHLD is ignored, so that the kernel reaps orphans
/// itself, and the program is a few instructions that wait for the end of the standard input. The supervisor holds that open, so they end together,
/// and the kernel kills what is left in the namespace; in no cgroup of the pod's, nobody would find it otherwise. It has no privileges, no
/// capabilities, and an empty root, for containers with CAP_SYS_PTRACE can look into it.
/// </summary>
internal static class PodInit
{
    /// <summary>Its key at the supervisor.</summary>
    public const string Key = "init";

    private const ulong LoadAddress = 0x400000;

    private static ReadOnlySpan<byte> Code =>
    [
        0x31, 0xC0,                   // xor eax, eax: read(2)
        0x31, 0xFF,                   // xor edi, edi: of the standard input
        0x48, 0x8D, 0x74, 0x24, 0xF8, // lea rsi, [rsp - 8]
        0xBA, 8, 0, 0, 0,             // mov edx, 8
        0x0F, 0x05,                   // syscall
        0x85, 0xC0,                   // test eax, eax
        0x7F, 0xEC,                   // jg to the start: a container that runs as this user may have written something
        0xB8, 231, 0, 0, 0,           // mov eax, 231: exit_group(2)
        0x31, 0xFF,                   // xor edi, edi
        0x0F, 0x05,                   // syscall
    ];

    /// <summary>A file with the program, to be closed by the caller.</summary>
    public static SafeFileDescriptor CreateFile()
    {
        SafeFileDescriptor file = FileSystem.CreateMemoryFile("orlop-init");
        FileSystem.Write(file, Image());
        return file;
    }

    public static void Build(SyscallProgramBuilder program, SafeFileDescriptor file)
    {
        const uint Nobody = 65534;
        const int Ignore = 1, CapBsetDrop = 24, NoNewPrivs = 38, LastKnownCapability = 40;
        program.UseStandardStreams();
        program.Call("setsid", SyscallNumber.SetSid, []);
        foreach (string mount in (string[])[PodRoot.Proc, PodRoot.Sys, PodRoot.SharedMemory])
            program.Call($"unmount {mount}", SyscallNumber.Umount2, [program.Text(mount), (int)UnmountFlags.Detach], ignoredErrno: Errno.EINVAL); // EINVAL: nothing is there
        Span<byte> ignore = stackalloc byte[32]; // struct kernel_sigaction
        BinaryPrimitives.WriteInt64LittleEndian(ignore, Ignore);
        program.Call("ignore SIGCHLD", SyscallNumber.RtSigAction, [Signals.Child, program.Bytes(ignore), Operand.Null, 8]);
        for (int capability = 0; capability <= LastKnownCapability; capability++)
            program.Call("drop a capability", SyscallNumber.PrCtl, [CapBsetDrop, capability], ignoredErrno: Errno.EINVAL);
        program.Call("setgroups", SyscallNumber.SetGroups, [0, Operand.Null]);
        program.Call("setresgid", SyscallNumber.SetResGid, [Nobody, Nobody, Nobody]);
        program.Call("setresuid", SyscallNumber.SetResUid, [Nobody, Nobody, Nobody]);
        program.Call("no_new_privs", SyscallNumber.PrCtl, [NoNewPrivs, 1, 0, 0, 0]);
        program.Call(
            "execveat orlop-init", SyscallNumber.ExecveAt,
            [program.Descriptor(file), program.Text(""), program.TextArray(["orlop-init"]), program.TextArray([]), (int)AtFlags.EmptyPath]);
    }

    /// <summary>A static ELF program of one segment; elf(5).</summary>
    internal static byte[] Image()
    {
        const int HeaderSize = 64, SegmentSize = 56;
        byte[] image = new byte[HeaderSize + SegmentSize + Code.Length];
        Span<byte> header = image;
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(header); // 64 bits, little-endian, version 1
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + HeaderSize + SegmentSize); // entry
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderSize); // program headers
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);
        Span<byte> segment = header[HeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1); // PT_LOAD
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5); // read and execute
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
        Code.CopyTo(header[(HeaderSize + SegmentSize)..]);
        return image;
    }
}
