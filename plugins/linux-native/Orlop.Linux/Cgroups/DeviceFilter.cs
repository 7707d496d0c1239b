using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>Loads a device program and attaches it to a cgroup of v2, which then owns it; bpf(2).</summary>
internal static unsafe class DeviceFilter
{
    private const int ProgLoad = 5, ProgAttach = 8;

    public static void Attach(string cgroupFolder, byte[] program)
    {
        using SafeFileDescriptor folder = FileSystem.Open(cgroupFolder, OpenFlags.ReadOnly | OpenFlags.Directory);
        using SafeFileDescriptor loaded = Load(program);
        const int CgroupDevice = 6, AllowMulti = 2;
        var attributes = new AttachAttributes { Target = folder.Number, Program = loaded.Number, Type = CgroupDevice, Flags = AllowMulti };
        if (Libc.Bpf(SyscallNumber.Bpf, ProgAttach, &attributes, sizeof(AttachAttributes)) < 0)
            throw SyscallException.Last("bpf(BPF_PROG_ATTACH)", $"device rules to \"{cgroupFolder}\"");
    }

    private static SafeFileDescriptor Load(byte[] program)
    {
        const int TypeCgroupDevice = 15;
        fixed (byte* instructions = program)
        fixed (byte* licence = "Apache-2.0\0"u8)
        {
            var attributes = new LoadAttributes { Type = TypeCgroupDevice, Count = (uint)(program.Length / 8), Instructions = (ulong)instructions, Licence = (ulong)licence };
            long fd = Libc.Bpf(SyscallNumber.Bpf, ProgLoad, &attributes, sizeof(LoadAttributes));
            return fd >= 0 ? new SafeFileDescriptor((int)fd) : throw SyscallException.Last("bpf(BPF_PROG_LOAD)", $"device rules of {program.Length / 8} instructions");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LoadAttributes
    {
        public uint Type;
        public uint Count;
        public ulong Instructions;
        public ulong Licence;
        public uint LogLevel;
        public uint LogSize;
        public ulong LogBuffer;
        public uint KernelVersion;
        public uint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AttachAttributes
    {
        public int Target;
        public int Program;
        public uint Type;
        public uint Flags;
    }
}
