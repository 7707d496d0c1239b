using System.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Setup;

/// <summary>Makes the namespaces that the pod's containers share. They live as long as the supervisor, or a mount of them, does.</summary>
internal static unsafe class PodNamespaces
{
    /// <summary>Leaves the node's namespaces for new ones.</summary>
    /// <exception cref="SyscallException">The kernel refused.</exception>
    public static void Create(CloneFlags kinds, string hostname, IReadOnlyList<string> sysctls)
    {
        if (kinds != CloneFlags.None) Syscalls.Processes.Unshare(kinds);
        if ((kinds & CloneFlags.NewNet) != CloneFlags.None) BringLoopbackUp();
        if (hostname.Length > 0) SetHostname(hostname);
        foreach (string sysctl in sysctls) SetSysctl(sysctl);
    }

    // netdevice(7)
    private static void BringLoopbackUp()
    {
        const int AfInet = 2, Datagram = 2 | 0x80000;
        const int RequestSize = 40, FlagsOffset = 16; // struct ifreq: name, then flags
        const nuint GetFlags = 0x8913, SetFlags = 0x8914;
        const short Up = 1;
        int fd = Libc.Socket(AfInet, Datagram, 0);
        if (fd < 0) throw SyscallException.Last("socket", "AF_INET");
        using var socket = new SafeFileDescriptor(fd);
        byte* request = stackalloc byte[RequestSize];
        new Span<byte>(request, RequestSize).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, RequestSize));
        if (Libc.Ioctl(socket, GetFlags, request) < 0) throw SyscallException.Last("ioctl", "SIOCGIFFLAGS lo");
        *(short*)(request + FlagsOffset) |= Up;
        if (Libc.Ioctl(socket, SetFlags, request) < 0) throw SyscallException.Last("ioctl", "SIOCSIFFLAGS lo");
    }

    private static void SetHostname(string hostname)
    {
        byte[] name = Encoding.UTF8.GetBytes(hostname);
        fixed (byte* p = name)
        {
            if (Libc.SetHostname(p, name.Length) < 0) throw SyscallException.Last("sethostname", hostname);
        }
    }

    // sysctl.d(5): dots separate, unless a slash comes first.
    private static void SetSysctl(string setting)
    {
        int equals = setting.IndexOf('=');
        string key = setting[..Math.Max(equals, 0)];
        int separator = key.AsSpan().IndexOfAny('.', '/');
        if (separator >= 0 && key[separator] == '.') key = key.Replace('.', '/');
        using SafeFileDescriptor root = FileSystem.Open("/proc/sys", OpenFlags.Path | OpenFlags.Directory);
        using SafeFileDescriptor file = FileSystem.Open(root, key, OpenFlags.WriteOnly, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        try
        {
            FileSystem.Write(file, Encoding.UTF8.GetBytes(setting[(equals + 1)..]));
        }
        catch (SyscallException e)
        {
            throw new SyscallException(e.Call, e.Errno, $"sysctl {setting}");
        }
    }
}
