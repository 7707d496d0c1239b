using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orlop.Cni.Namespaces;

/// <summary>The system calls that a loopback interface needs.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Libc
{
    public const int CloneNewNet = 0x4000_0000;
    public const int AfInet = 2;
    public const int SockDgram = 2;
    public const int SockCloexec = 0x8_0000;
    public const uint SiocGifFlags = 0x8913;
    public const uint SiocSifFlags = 0x8914;
    public const short IffUp = 1;

    public const int Einval = 22;

    /// <summary>setns(2): the calling thread enters a namespace.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNs(SafeFileHandle ns, int type);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    /// <summary>ioctl(2) of a network device; see netdevice(7).</summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeFileHandle socket, nuint request, InterfaceRequest* argument);

    /// <summary><c>struct ifreq</c>: 40 bytes on 64-bit machines, of which flags use the first two after the name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    public struct InterfaceRequest
    {
        [FieldOffset(0)]
        public fixed byte Name[16];

        [FieldOffset(16)]
        public short Flags;
    }
}
