using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct epoll_event</c>, which x86_64 packs; see epoll_ctl(2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EpollEvent
{
    /// <summary>EPOLLIN.</summary>
    public const uint In = 1;

    /// <summary>EPOLLOUT.</summary>
    public const uint Out = 4;

    /// <summary>EPOLLERR.</summary>
    public const uint Error = 8;

    /// <summary>EPOLLHUP.</summary>
    public const uint HangUp = 16;

    /// <summary>EPOLLRDHUP.</summary>
    public const uint ReadHangUp = 0x2000;

    /// <summary>What happened or is waited for.</summary>
    public uint Events;

    /// <summary>The caller's own.</summary>
    public ulong Data;
}
