using System.Text;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Syscalls;

public sealed class ProcessesTests
{
    [Fact]
    public void A_spawned_program_gets_its_arguments_environment_and_descriptors_and_is_waited_for()
    {
        (SafeFileDescriptor read, SafeFileDescriptor write) = Sockets.Pipe();
        using (read)
        {
            int pid;
            using (write) pid = Processes.Spawn("/bin/sh", ["sh", "-c", "echo $A $0 $1 >&7; ps -o sid= -p $$ >/dev/null; exit 9", "zero", "one"], ["A=b", "PATH=/bin:/usr/bin"], newSession: true, (7, write));
            Encoding.UTF8.GetString(FileSystem.ReadAll(read)).Should().Be("b zero one\n");
            Processes.Wait(pid, wait: true, out WaitStatus status).Should().Be(pid);
            status.ExitCode.Should().Be(9);
            Processes.Wait(pid, wait: true, out _).Should().Be(-1, "it is gone");
        }

        FluentActions.Invoking(() => Processes.Spawn("/no/such/program", ["x"], [], newSession: false)).Should().Throw<SyscallException>()
            .Which.Message.Should().Be("posix_spawn \"/no/such/program\": ENOENT");
    }

    [Fact]
    public void A_pidfd_signals_its_process_and_no_other()
    {
        int pid = Processes.Spawn("/bin/sleep", ["sleep", "1000"], [], newSession: false);
        using var process = PidFd.Open(pid);

        process.TryGetExitStatus(out _).Should().BeFalse();
        process.Signal(Signals.Term).Should().BeTrue();
        Processes.Wait(pid, wait: true, out WaitStatus status);
        (status.Signal, status.ExitCode).Should().Be((Signals.Term, 128 + Signals.Term));
        process.Signal(Signals.Kill).Should().BeFalse();
        if (process.TryGetExitStatus(out WaitStatus later)) later.Should().Be(status); // Linux 6.15
        PidFd.TryOpen(pid).Should().BeNull();
    }

    [RootFact]
    public void A_file_system_is_made_and_mounted_by_descriptor()
    {
        using FileSystemContext context = Mounts.OpenFileSystem("tmpfs");
        context.Set("size", "64k");
        using SafeFileDescriptor mount = context.Mount(MountAttributes.NoExec);
        FileSystem.MakeDirectory(mount, "x", 0x1ED);
        FileSystem.FileSystemOf(mount).Type.Should().Be(0x01021994, "that is tmpfs");
        Mounts.SetAttributes(mount, "", AtFlags.EmptyPath, new MountAttributeChange { Set = MountAttributes.ReadOnly });
        FluentActions.Invoking(() => FileSystem.MakeDirectory(mount, "y", 0x1ED)).Should().Throw<SyscallException>().Which.Errno.Should().Be(Errno.EROFS);

        using FileSystemContext wrong = Mounts.OpenFileSystem("tmpfs");
        FluentActions.Invoking(() => wrong.Set("nonsense", "1")).Should().Throw<SyscallException>().Which.Message.Should().Contain("nonsense").And.Contain("EINVAL");
    }

    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("term", 15)]
    [InlineData("9", 9)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("RTMIN+3", 37)]
    [InlineData("SIGRTMAX-1", 63)]
    [InlineData("SIGPOLL", 29)]
    [InlineData("0", 0)]
    [InlineData("65", 0)]
    [InlineData("-1", 0)]
    [InlineData("SIGRTMIN+31", 0)]
    [InlineData("SIGRTMIN-1", 0)]
    [InlineData("SIG", 0)]
    [InlineData("", 0)]
    [InlineData("SIGNONE", 0)]
    public void Signals_are_read_by_name_and_number(string text, int signal) => Signals.Parse(text).Should().Be(signal);

    [Fact]
    public void Error_numbers_have_their_names()
    {
        (Errno.Name(2), Errno.Name(11), Errno.Name(133), Errno.Name(0), Errno.Name(-1), Errno.Name(4000)).Should()
            .Be(("ENOENT", "EAGAIN", "EHWPOISON", "errno 0", "errno -1", "errno 4000"));
    }
}
