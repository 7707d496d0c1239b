using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct msghdr</c> of 64-bit Linux; see sendmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct MessageHeader
{
    /// <summary>A socket address or null.</summary>
    public void* Name;

    /// <summary>Bytes at <see cref="Name"/>.</summary>
    public uint NameLength;

    /// <summary>The parts of the message.</summary>
    public IoVector* Vectors;

    /// <summary>How many.</summary>
    public nuint VectorCount;

    /// <summary>Control messages; see cmsg(3).</summary>
    public void* Control;

    /// <summary>Bytes at <see cref="Control"/>.</summary>
    public nuint ControlLength;

    /// <summary>MSG_ flags of a received message.</summary>
    public int Flags;
}
