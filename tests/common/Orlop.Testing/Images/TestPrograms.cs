using System.Buffers.Binary;

namespace Orlop.Testing.Images;

/// <summary>Programs of the test images that busybox has no applet for.</summary>
public static class TestPrograms
{
    /// <summary>Debian's statically linked busybox.</summary>
    public static byte[] Busybox { get; } = File.ReadAllBytes("/bin/busybox");

    /// <summary>The names that this busybox can be called by.</summary>
    public static IReadOnlyList<string> Applets { get; } =
    [
        "[", "ash", "awk", "base64", "cat", "chmod", "chown", "chroot", "cut", "date", "dd", "df", "dirname", "echo", "env", "expr", "false", "find",
        "grep", "head", "hostname", "httpd", "id", "ifconfig", "ip", "kill", "killall", "ln", "ls", "mkdir", "mkfifo", "mknod", "mount", "mv", "nc",
        "netstat", "nproc", "od", "pidof", "ping", "printf", "ps", "pwd", "readlink", "rm", "rmdir", "sed", "seq", "setsid", "sh", "sleep", "sort",
        "stat", "stty", "sync", "sysctl", "tail", "test", "time", "timeout", "top", "touch", "tr", "true", "truncate", "tty", "umount", "uname",
        "uniq", "unshare", "usleep", "vi", "wc", "wget", "which", "whoami", "xargs", "yes",
    ];

    /// <summary>An x86-64 program that exits with its effective user id (modulo 256): shows whether a set-user-ID bit worked.</summary>
    public static byte[] ExitWithEffectiveUserId { get; } = Elf(
    [
        0xb8, 0x6b, 0x00, 0x00, 0x00, // mov eax, 107 (geteuid)
        0x0f, 0x05,                   // syscall
        0x89, 0xc7,                   // mov edi, eax
        0xb8, 0x3c, 0x00, 0x00, 0x00, // mov eax, 60 (exit)
        0x0f, 0x05,                   // syscall
    ]);

    // The smallest static executable: an ELF header and one loadable segment that holds the whole file (elf(5)).
    private static byte[] Elf(byte[] code)
    {
        const int headers = 64 + 56;
        const long address = 0x400000;
        var file = new byte[headers + code.Length];
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file, 0);
        Put16(16, 2);                          // e_type: executable
        Put16(18, 62);                         // e_machine: x86-64
        Put32(20, 1);                          // e_version
        Put64(24, address + headers);          // e_entry
        Put64(32, 64);                         // e_phoff
        Put16(52, 64);                         // e_ehsize
        Put16(54, 56);                         // e_phentsize
        Put16(56, 1);                          // e_phnum
        Put32(64, 1);                          // p_type: load
        Put32(68, 5);                          // p_flags: read, execute
        Put64(80, address);                    // p_vaddr
        Put64(88, address);                    // p_paddr
        Put64(96, file.Length);                // p_filesz
        Put64(104, file.Length);               // p_memsz
        Put64(112, 0x1000);                    // p_align
        code.CopyTo(file, headers);
        return file;

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Put64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
