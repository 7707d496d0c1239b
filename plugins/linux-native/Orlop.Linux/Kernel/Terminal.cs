using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Kernel;

/// <summary>A terminal in a devpts instance of its own; pty(7). Nothing of it has a path on the node.</summary>
internal sealed unsafe class Terminal : IDisposable
{
    private const nuint SetLock = 0x4004_5431, GetPeer = 0x5441, SetWindowSize = 0x5414; // asm-generic/ioctls.h

    private Terminal(SafeFileDescriptor instance, SafeFileDescriptor master, SafeFileDescriptor peer)
    {
        Instance = instance;
        Master = master;
        Peer = peer;
    }

    /// <summary>The detached devpts mount; the terminal is number 0 in it.</summary>
    public SafeFileDescriptor Instance { get; }

    /// <summary>Our side.</summary>
    public SafeFileDescriptor Master { get; }

    /// <summary>The process's side.</summary>
    public SafeFileDescriptor Peer { get; }

    /// <param name="options">Of devpts: <c>ptmxmode=0666</c>.</param>
    /// <param name="attributes">Of its mount.</param>
    /// <param name="uid">Whose it is.</param>
    /// <param name="columns">Its width; 0 leaves it.</param>
    /// <param name="rows">Its height; 0 leaves it.</param>
    public static Terminal Create(IReadOnlyList<string> options, MountAttributes attributes, uint uid, ushort columns, ushort rows)
    {
        SafeFileDescriptor instance = MakeInstance(options, attributes);
        SafeFileDescriptor? master = null, peer = null;
        try
        {
            master = FileSystem.Open(instance, "ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
            int locked = 0;
            if (Libc.Ioctl(master, SetLock, &locked) < 0) throw SyscallException.Last("ioctl", "TIOCSPTLCK");
            peer = OpenPeer(master);
            FileSystem.ChangeOwner(peer, uid, FileSystem.KeepId);
            if (columns > 0 && rows > 0)
            {
                ushort* size = stackalloc ushort[4] { rows, columns, 0, 0 }; // struct winsize
                if (Libc.Ioctl(master, SetWindowSize, size) < 0) throw SyscallException.Last("ioctl", "TIOCSWINSZ");
            }
            return new Terminal(instance, master, peer);
        }
        catch
        {
            peer?.Dispose();
            master?.Dispose();
            instance.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Peer.Dispose();
        Master.Dispose();
        Instance.Dispose();
    }

    private static SafeFileDescriptor MakeInstance(IReadOnlyList<string> options, MountAttributes attributes)
    {
        using FileSystemContext context = Mounts.OpenFileSystem("devpts");
        context.Set("source", "devpts");
        foreach (string option in options)
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) context.Set(option[..equals], option[(equals + 1)..]);
            else context.SetFlag(option);
        }
        return context.Mount(attributes);
    }

    private static SafeFileDescriptor OpenPeer(SafeFileDescriptor master)
    {
        // The flags are the argument itself.
        int fd = Libc.Ioctl(master, GetPeer, (void*)(nint)(OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec));
        return fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("ioctl", "TIOCGPTPEER");
    }
}
