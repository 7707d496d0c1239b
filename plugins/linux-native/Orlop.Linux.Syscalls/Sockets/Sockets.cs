using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>Unix sockets, pipes and descriptors in messages. Every failure is a <see cref="SyscallException"/>; nothing raises SIGPIPE.</summary>
public static unsafe class Sockets
{
    /// <summary>The most descriptors that one message carries: SCM_MAX_FD of the kernel.</summary>
    public const int MaxDescriptors = 253;

    /// <summary>The longest path of a unix socket: <c>sun_path</c> without its NUL.</summary>
    public const int MaxPath = 107;

    private const int AfUnix = 1, SockStream = 1, SockCloseOnExec = 0x80000, SockNonBlock = 0x800;
    private const int SolSocket = 1, ScmRights = 1, MsgNoSignal = 0x4000, MsgCmsgCloseOnExec = 0x40000000;
    private const int ControlHeader = 16; // struct cmsghdr: size_t len, int level, int type

    /// <summary>pipe2(2), both ends closed on exec.</summary>
    public static (SafeFileDescriptor Read, SafeFileDescriptor Write) Pipe()
    {
        int* ends = stackalloc int[2];
        if (Libc.Pipe2(ends, (int)OpenFlags.CloseOnExec) < 0) throw SyscallException.Last("pipe2", "");
        return (new SafeFileDescriptor(ends[0]), new SafeFileDescriptor(ends[1]));
    }

    /// <summary>O_NONBLOCK of an open file: also for everybody else who has it open.</summary>
    public static void SetNonBlocking(SafeFileDescriptor file)
    {
        const int SetFlags = 4;
        if (Libc.Fcntl(file, SetFlags, (int)OpenFlags.NonBlock) < 0) throw SyscallException.Last("fcntl", "F_SETFL");
    }

    /// <summary>socketpair(2) of unix stream sockets.</summary>
    public static (SafeFileDescriptor First, SafeFileDescriptor Second) Pair()
    {
        int* pair = stackalloc int[2];
        if (Libc.SocketPair(AfUnix, SockStream | SockCloseOnExec, 0, pair) < 0) throw SyscallException.Last("socketpair", "");
        return (new SafeFileDescriptor(pair[0]), new SafeFileDescriptor(pair[1]));
    }

    /// <summary>A unix stream socket that listens on a path; what is in its way must have been removed.</summary>
    public static SafeFileDescriptor Listen(PathBytes path, int backlog = 16)
    {
        SafeFileDescriptor socket = Create(SockNonBlock);
        byte* address = stackalloc byte[2 + MaxPath + 1];
        uint length = Address(address, path);
        if (Libc.Bind(socket, address, length) < 0) throw SyscallException.Last("bind", path);
        return Libc.Listen(socket, backlog) >= 0 ? socket : throw SyscallException.Last("listen", path);
    }

    /// <summary>Connects to a unix stream socket.</summary>
    public static SafeFileDescriptor Connect(PathBytes path) => TryConnect(path) ?? throw SyscallException.Last("connect", path);

    /// <summary>Connects to a unix stream socket; null when nobody listens there, with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static SafeFileDescriptor? TryConnect(PathBytes path)
    {
        SafeFileDescriptor socket = Create(0);
        byte* address = stackalloc byte[2 + MaxPath + 1];
        uint length = Address(address, path);
        int result;
        do
        {
            result = Libc.Connect(socket, address, length);
        }
        while (Libc.Interrupted(result));
        if (result >= 0) return socket;
        int errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        Marshal.SetLastPInvokeError(errno);
        return null;
    }

    /// <summary>accept4(2): a blocking connection, or null when nobody waits.</summary>
    public static SafeFileDescriptor? Accept(SafeFileDescriptor listener)
    {
        int fd;
        do
        {
            fd = Libc.Accept4(listener, null, null, SockCloseOnExec);
        }
        while (Libc.Interrupted(fd));
        if (fd >= 0) return new SafeFileDescriptor(fd);
        return Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.ECONNABORTED ? null : throw SyscallException.Last("accept4", "");
    }

    /// <summary>shutdown(2) of both directions: a blocked reader, also in another thread, sees the end.</summary>
    public static void Shutdown(SafeFileDescriptor socket)
    {
        const int ReadAndWrite = 2;
        if (Libc.Shutdown(socket, ReadAndWrite) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOTCONN) throw SyscallException.Last("shutdown", "");
    }

    /// <summary>sendmsg(2) with SCM_RIGHTS.</summary>
    /// <returns>The bytes that went out, or a negative errno(3). The descriptors go with the first byte.</returns>
    public static int Send(SafeFileDescriptor socket, ReadOnlySpan<byte> data, ReadOnlySpan<int> descriptors, bool wait = true)
    {
        const int DontWait = 0x40;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        byte* control = stackalloc byte[ControlHeader + (MaxDescriptors * sizeof(int))];
        fixed (byte* p = data)
        {
            var vector = new IoVector { Base = p, Length = (nuint)data.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (!descriptors.IsEmpty)
            {
                *(nuint*)control = (nuint)(ControlHeader + (descriptors.Length * sizeof(int)));
                ((int*)control)[2] = SolSocket;
                ((int*)control)[3] = ScmRights;
                descriptors.CopyTo(new Span<int>(control + ControlHeader, MaxDescriptors));
                message.Control = control;
                message.ControlLength = (nuint)(ControlHeader + (((descriptors.Length * sizeof(int)) + 7) & ~7)); // CMSG_SPACE
            }

            nint sent;
            do
            {
                sent = Libc.SendMsg(socket, &message, MsgNoSignal | (wait ? 0 : DontWait));
            }
            while (Libc.Interrupted(sent));
            return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>recvmsg(2) with SCM_RIGHTS; the descriptors are closed on exec and belong to the caller.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="descriptors">Where descriptors go; what does not fit is closed by the kernel.</param>
    /// <param name="descriptorCount">How many came.</param>
    /// <param name="wait">Whether to wait for bytes.</param>
    /// <returns>The bytes that came in, 0 at the end, or a negative errno(3): -EAGAIN when there is nothing and <paramref name="wait"/> is false.</returns>
    public static int Receive(SafeFileDescriptor socket, Span<byte> buffer, Span<int> descriptors, out int descriptorCount, bool wait = true)
    {
        const int DontWait = 0x40;
        int room = ControlHeader + (((descriptors.Length * sizeof(int)) + 7) & ~7);
        byte* control = stackalloc byte[room];
        descriptorCount = 0;
        fixed (byte* p = buffer)
        {
            var vector = new IoVector { Base = p, Length = (nuint)buffer.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)room };
            nint received;
            do
            {
                received = Libc.RecvMsg(socket, &message, MsgCmsgCloseOnExec | (wait ? 0 : DontWait));
            }
            while (Libc.Interrupted(received));
            if (received < 0) return -Marshal.GetLastPInvokeError();
            if (message.ControlLength >= ControlHeader && ((int*)control)[2] == SolSocket && ((int*)control)[3] == ScmRights)
            {
                int count = ((int)*(nuint*)control - ControlHeader) / sizeof(int);
                for (int i = 0; i < count; i++)
                {
                    int fd = ((int*)(control + ControlHeader))[i];
                    if (descriptorCount < descriptors.Length) descriptors[descriptorCount++] = fd;
                    else _ = Libc.Close(fd);
                }
            }

            return (int)received;
        }
    }

    private static SafeFileDescriptor Create(int flags)
    {
        int fd = Libc.Socket(AfUnix, SockStream | SockCloseOnExec | flags, 0);
        return fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("socket", "AF_UNIX");
    }

    // struct sockaddr_un
    private static uint Address(byte* address, PathBytes path)
    {
        if (path.Name.Length > MaxPath) throw new SyscallException("bind", Errno.ENAMETOOLONG, $"\"{path.ToString()}\" (a unix socket's path has {MaxPath} bytes at most)");
        *(ushort*)address = AfUnix;
        path.Name.CopyTo(new Span<byte>(address + 2, MaxPath));
        address[2 + path.Name.Length] = 0;
        return (uint)(2 + path.Name.Length + 1);
    }
}
