using System.Runtime.InteropServices;
using System.Text;

namespace Orlop.Linux.Syscalls;

/// <summary>A file system that is being configured; see fsopen(2). Its errors carry what the kernel wrote into the context's log.</summary>
public sealed unsafe class FileSystemContext : SafeFileDescriptor
{
    private readonly string type;

    internal FileSystemContext(string type, int fd)
        : base(fd) => this.type = type;

    /// <summary>Sets an option that has a value.</summary>
    public void Set(string key, PathBytes value)
    {
        fixed (byte* v = value)
        {
            Configure(FsConfigCommand.SetString, key, v, 0, value.ToString());
        }
    }

    /// <summary>Sets an option that has none.</summary>
    public void SetFlag(string key) => Configure(FsConfigCommand.SetFlag, key, null, 0, "");

    /// <summary>Sets an option whose value is an open file.</summary>
    public void Set(string key, SafeFileDescriptor value)
    {
        bool held = false;
        try
        {
            value.DangerousAddRef(ref held);
            Configure(FsConfigCommand.SetDescriptor, key, null, value.Number, "(descriptor)");
        }
        finally
        {
            if (held) value.DangerousRelease();
        }
    }

    /// <summary>Makes the superblock and a detached mount of it.</summary>
    public SafeFileDescriptor Mount(MountAttributes attributes = MountAttributes.None)
    {
        const uint CloseOnExec = 1;
        Configure(FsConfigCommand.Create, null, null, 0, "");
        long fd = Libc.FsMount(SyscallNumber.FsMount, this, CloseOnExec, (uint)attributes);
        return fd >= 0 ? new SafeFileDescriptor((int)fd) : throw Failure("fsmount", "");
    }

    private void Configure(FsConfigCommand command, string? key, byte* value, int auxiliary, string shown)
    {
        PathBytes keyBytes = key ?? "";
        fixed (byte* k = keyBytes)
        {
            if (Libc.FsConfig(SyscallNumber.FsConfig, this, (uint)command, key is null ? null : k, value, auxiliary) < 0)
                throw Failure("fsconfig", key is null ? "create" : $"{key}={shown}");
        }
    }

    private SyscallException Failure(string call, string detail)
    {
        int errno = Marshal.GetLastPInvokeError();
        var text = new StringBuilder(type).Append(' ').Append(detail);
        byte* line = stackalloc byte[512];
        for (nint n; (n = Libc.Read(this, line, 512)) > 0;)
            text.Append(" (").Append(Encoding.UTF8.GetString(line, (int)n).TrimEnd('\n')).Append(')');
        return new SyscallException(call, errno, text.ToString());
    }
}
