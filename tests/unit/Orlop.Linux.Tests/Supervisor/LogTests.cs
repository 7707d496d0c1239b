using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class LogTests
{
    [SupervisorFact]
    public void Both_streams_are_in_the_log_when_the_exit_is_announced()
    {
        using var supervisor = new LiveSupervisor();
        using var folder = new LogFolder();
        supervisor.Do(MessageKind.Subscribe);
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);

        supervisor.Launch(new TestLaunch("app") { LogFolder = folder.Descriptor, Script = "echo one; echo two >&2; echo; printf unfinished" });
        supervisor.NextExit("app").DroppedBytes.Should().Be(0);

        IReadOnlyList<LogLine> lines = folder.Lines();
        lines.Where(l => l.Stream == "stdout").Select(l => (l.Text, l.Partial)).Should().Equal(("one", false), ("", false), ("unfinished", true));
        lines.Where(l => l.Stream == "stderr").Select(l => (l.Text, l.Partial)).Should().Equal(("two", false));
        lines.Should().OnlyContain(l => l.Stamp > before && l.Stamp < before.AddMinutes(2));
        (FileSystem.Status(folder.Descriptor, "0.log").Mode & 0xFFF).Should().Be(0x1A0, "0640 is what log collectors count on");
    }

    [SupervisorFact]
    public void A_rotation_under_load_loses_and_doubles_no_line()
    {
        const int Round = 5000, FilesWithLines = 6;
        using var supervisor = new LiveSupervisor();
        using var folder = new LogFolder();
        string enough = $"{supervisor.Folder}/enough", written = $"{supervisor.Folder}/written";
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app")
        {
            LogFolder = folder.Descriptor,
            Input = InputMode.Pipe,
            Script = $"until [ -e {enough} ]; do seq 1 {Round}; seq 1 {Round} >&2; done; : > {written}; read end",
        });

        for (int rotation = 0, met = 0; !File.Exists(written); rotation++)
        {
            string rotated = $"{folder.Path}/0.log.{rotation:D6}";
            File.Move(folder.Current, rotated);
            supervisor.Do(MessageKind.ReopenLog, "app");
            File.Exists(folder.Current).Should().BeTrue("the new file exists when the answer comes");
            if (new FileInfo(rotated).Length > 0 && ++met == FilesWithLines) File.Create(enough).Dispose();
        }

        supervisor.Do(MessageKind.CloseInput, "app");
        supervisor.NextExit("app");
        foreach (string stream in new[] { "stdout", "stderr" })
        {
            var numbers = folder.Lines().Where(l => l.Stream == stream).Select(l => int.Parse(l.Text)).ToList();
            numbers.Should().NotBeEmpty().And.Equal(Enumerable.Range(0, numbers.Count).Select(i => (i % Round) + 1));
            (numbers.Count % Round).Should().Be(0, "the last round is whole");
        }
    }

    [SupervisorFact]
    public void A_full_disk_drops_whole_lines_and_the_container_runs_on()
    {
        using var supervisor = new LiveSupervisor();
        using FileSystemContext tmpfs = Mounts.OpenFileSystem("tmpfs");
        tmpfs.Set("size", "64k");
        using SafeFileDescriptor mount = tmpfs.Mount();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app") { LogFolder = mount, Input = InputMode.Pipe, Script = $"seq 1 20000; : > {supervisor.Folder}/written; read go; echo after" });
        ProcessDescription full;
        do
        {
            full = supervisor.Describe("app");
        }
        while (full.LogErrno == 0);

        full.LogErrno.Should().Be(Errno.ENOSPC);
        full.State.Should().Be(ProcessState.Running);
        while (!File.Exists($"{supervisor.Folder}/written"))
        {
        }

        for (int turn = 0; turn < 10; turn++) supervisor.Describe(); // each is a turn of the loop, which also empties the pipe
        using SafeFileDescriptor log = FileSystem.Open(mount, "0.log", OpenFlags.ReadWrite);
        string before = ReadText(log);
        FileSystem.SetLength(log, 0); // somebody makes room
        ReceivedFrame reply = supervisor.Ask(id => new KeyRequest("app").ToFrame(MessageKind.OpenInput, id));
        using (SafeFileDescriptor input = reply.Descriptors.Single()) FileSystem.Write(input, "\n"u8);
        ExitNotice exit = supervisor.NextExit("app");

        exit.Status.Should().Be(0);
        exit.DroppedBytes.Should().BePositive();
        LogFolder.Parse(before).Select(l => int.Parse(l.Text)).Should().BeInAscendingOrder().And.StartWith(1);
        LogFolder.Parse(ReadText(log)).Last().Text.Should().Be("after");
    }

    [SupervisorFact]
    public void A_log_that_cannot_be_opened_fails_the_launch_and_a_reopen_keeps_the_old_file()
    {
        using var supervisor = new LiveSupervisor();
        using var folder = new LogFolder();
        supervisor.Do(MessageKind.Subscribe);
        Directory.CreateDirectory(folder.Current);
        ErrorReply.Read(supervisor.TryLaunch(new TestLaunch("app") { LogFolder = folder.Descriptor }).Body).Should()
            .Be(new ErrorReply(Errno.EISDIR, -1, "openat \"0.log\": EISDIR"));

        Directory.Delete(folder.Current);
        supervisor.Launch(new TestLaunch("app") { LogFolder = folder.Descriptor, Input = InputMode.Pipe, Script = "read go; echo still here" });
        File.Move(folder.Current, $"{folder.Path}/0.log.1");
        Directory.CreateDirectory(folder.Current);
        supervisor.Fail(id => new KeyRequest("app").ToFrame(MessageKind.ReopenLog, id)).Errno.Should().Be(Errno.EISDIR);
        supervisor.Do(MessageKind.CloseInput, "app");
        supervisor.NextExit("app");

        LogFolder.Parse(File.ReadAllText($"{folder.Path}/0.log.1")).Single().Text.Should().Be("still here");
    }

    private static string ReadText(SafeFileDescriptor file)
    {
        var content = new byte[1 << 20];
        return System.Text.Encoding.UTF8.GetString(content, 0, FileSystem.Read(file, content, 0));
    }
}
