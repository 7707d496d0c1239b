using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class LaunchTests
{
    [SupervisorFact]
    public void A_process_runs_and_its_exit_code_is_announced_and_recorded()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);

        LaunchedReply launched = supervisor.Launch(new TestLaunch("app") { Script = "exit 7", Flags = CloneFlags.NewPid });
        ExitNotice exit = supervisor.NextExit("app");

        exit.ProcessId.Should().Be(launched.ProcessId);
        new WaitStatus(exit.Status).ExitCode.Should().Be(7);
        ExitRecord.TryParse(File.ReadAllBytes(RecordOf(supervisor, "app")), out ExitRecord record).Should().BeTrue();
        record.Should().Be(new ExitRecord { Kind = ProcessKind.Container, ProcessId = exit.ProcessId, Status = exit.Status, StartedAt = exit.StartedAt, ExitedAt = exit.ExitedAt });
        supervisor.Describe("app").State.Should().Be(ProcessState.Exited);
    }

    [SupervisorFact]
    public void A_failed_call_of_the_program_is_named_with_its_arguments()
    {
        using var supervisor = new LiveSupervisor();
        var launch = new TestLaunch("app")
        {
            Program = b =>
            {
                b.Call("getpid", SyscallNumber.GetPid, []);
                b.Call("chdir \"/no/such/folder\"", SyscallNumber.Chdir, [b.Text("/no/such/folder")]);
                b.Execute("/bin/true", ["true"], []);
            },
        };

        ReceivedFrame reply = supervisor.TryLaunch(launch);

        launch.Explain(ErrorReply.Read(reply.Body)).Should().Be("chdir \"/no/such/folder\": ENOENT");
        supervisor.Describe().Processes.Should().BeEmpty("a failed launch leaves nothing");
    }

    [SupervisorFact]
    public void Results_of_calls_pass_through_slots_and_ignored_errors_do_not_stop_the_program()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app")
        {
            Program = b =>
            {
                int fd = b.Temporary();
                b.Call("chdir", SyscallNumber.Chdir, [b.Text("/no/such/folder")], ignoredErrno: Errno.ENOENT);
                b.Call("memfd_create", SyscallNumber.MemFdCreate, [b.Text("x"), 0], fd);
                b.Call("write", SyscallNumber.Write, [Operand.Slot(fd), b.Text("hello"), 5]);
                b.Call("exit", SyscallNumber.ExitGroup, [Operand.Slot(Slots.Target)]); // -1: no target
            },
        });

        new WaitStatus(supervisor.NextExit("app").Status).ExitCode.Should().Be(255);
    }

    [SupervisorFact]
    public void A_program_that_ends_without_leaving_is_a_failed_launch()
    {
        using var supervisor = new LiveSupervisor();

        ReceivedFrame reply = supervisor.TryLaunch(new TestLaunch("app") { Program = b => b.Call("getpid", SyscallNumber.GetPid, []) });

        ErrorReply.Read(reply.Body).Should().Be(new ErrorReply(Errno.ENOEXEC, 1, ""));
    }

    [SupervisorFact]
    public void Of_several_candidates_the_first_program_that_exists_runs()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        void Try(SyscallProgramBuilder b, string path, int ignored) =>
            b.Call($"execve \"{path}\"", SyscallNumber.Execve, [b.Text(path), b.TextArray(["sh", "-c", "exit 3"]), b.TextArray([])], ignoredErrno: ignored);
        TestLaunch Candidates(string key, params string[] paths) => new(key)
        {
            InNodeRoot = true,
            Program = b =>
            {
                for (int i = 0; i < paths.Length; i++) Try(b, paths[i], i == paths.Length - 1 ? 0 : Errno.ENOENT);
            },
        };

        supervisor.Launch(Candidates("app", "/no/such/sh", "/bin/sh", "/never/reached"));
        ErrorReply error = ErrorReply.Read(supervisor.TryLaunch(Candidates("none", "/no/such/sh", "/neither/sh")).Body);

        new WaitStatus(supervisor.NextExit("app").Status).ExitCode.Should().Be(3);
        (error.Errno, error.Message).Should().Be((Errno.ENOENT, ""));
    }

    [SupervisorFact]
    public void A_program_that_hangs_is_killed_by_the_start_timeout_while_others_run_on()
    {
        using var supervisor = new LiveSupervisor();
        var hanging = new TestLaunch("hanging")
        {
            StartTimeout = 300,
            Program = b =>
            {
                b.Call("mount \"dead.server:/\" on \"/data\"", SyscallNumber.Pause, []);
                b.Execute("/bin/true", ["true"], []);
            },
        };
        (LaunchRequest request, IReadOnlyList<SafeFileDescriptor> descriptors) = hanging.Build();
        supervisor.Connection.Send(request.ToFrame(1000, descriptors.Count), descriptors);

        supervisor.Launch(new TestLaunch("app") { Script = "exec sleep 100" });
        supervisor.Describe("hanging").State.Should().Be(ProcessState.Starting);
        ReceivedFrame reply = supervisor.TakeReply(1000);

        hanging.Explain(ErrorReply.Read(reply.Body)).Should().Be("mount \"dead.server:/\" on \"/data\": ETIMEDOUT");
        supervisor.Describe("app").State.Should().Be(ProcessState.Running);
    }

    [SupervisorFact]
    public void A_kill_reaches_a_process_that_still_starts()
    {
        using var supervisor = new LiveSupervisor();
        var hanging = new TestLaunch("hanging")
        {
            Program = b =>
            {
                b.Call("hang", SyscallNumber.Pause, []);
                b.Execute("/bin/true", ["true"], []);
            },
        };
        (LaunchRequest request, IReadOnlyList<SafeFileDescriptor> descriptors) = hanging.Build();
        supervisor.Connection.Send(request.ToFrame(1000, descriptors.Count), descriptors);
        while (supervisor.Describe("hanging").State != ProcessState.Starting)
        {
        }

        supervisor.Fail(id => new SignalRequest("hanging", Signals.Term).ToFrame(id)).Errno.Should().Be(Errno.EBUSY);
        while (supervisor.Describe().Processes.Count > 0) supervisor.Do(MessageKind.Kill, "hanging");

        ErrorReply.Read(supervisor.TakeReply(1000).Body).Should().Be(new ErrorReply(Errno.ECANCELED, 0, "killed"));
    }

    [SupervisorFact]
    public void The_new_program_has_no_descriptor_but_three_and_no_signal_is_ignored_or_blocked()
    {
        using var supervisor = new LiveSupervisor();

        (ExitNotice exit, string output, _) = supervisor.Exec(new TestLaunch("look")
        {
            Kind = ProcessKind.Exec,
            Script = "for fd in /proc/self/fd/*; do echo ${fd##*/}; done; exec grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status",
        });

        // The shell's own glob holds one descriptor of the folder that it reads.
        exit.Status.Should().Be(0);
        output.Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Should().BeSubsetOf(["0", "1", "2", "3"]).And.Contain(["0", "1", "2"]);
        output.Should().Contain("SigBlk:\t0000000000000000").And.Contain("SigIgn:\t0000000000000000");
    }

    [SupervisorFact]
    public void A_signal_reaches_the_process_and_ESRCH_says_that_it_has_ended()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app") { Script = "exec sleep 1000" });

        supervisor.Do(id => new SignalRequest("app", Signals.Term).ToFrame(id));

        new WaitStatus(supervisor.NextExit("app").Status).ExitCode.Should().Be(128 + Signals.Term);
        supervisor.Fail(id => new SignalRequest("app", Signals.Term).ToFrame(id)).Errno.Should().Be(Errno.ESRCH);
        supervisor.Fail(id => new SignalRequest("other", Signals.Term).ToFrame(id)).Errno.Should().Be(Errno.ESRCH);
        supervisor.Fail(id => new SignalRequest("app", 0).ToFrame(id)).Errno.Should().Be(Errno.EINVAL);
    }

    [SupervisorFact]
    public void A_key_is_taken_until_it_is_forgotten_and_its_record_with_it()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app") { Script = "exec sleep 1000" });

        ErrorReply.Read(supervisor.TryLaunch(new TestLaunch("app")).Body).Errno.Should().Be(Errno.EEXIST);
        supervisor.Fail(id => new KeyRequest("app").ToFrame(MessageKind.Forget, id)).Errno.Should().Be(Errno.EBUSY);
        supervisor.Do(MessageKind.Kill, "app");
        supervisor.NextExit("app");
        File.Exists(RecordOf(supervisor, "app")).Should().BeTrue();
        supervisor.Do(MessageKind.Forget, "app");
        supervisor.Do(MessageKind.Forget, "app"); // idempotent

        File.Exists(RecordOf(supervisor, "app")).Should().BeFalse();
        supervisor.Launch(new TestLaunch("app"));
    }

    [SupervisorFact]
    public void A_process_joins_the_pid_namespace_of_its_target_and_ends_with_it()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        LaunchedReply first = supervisor.Launch(new TestLaunch("init") { Kind = ProcessKind.PodInit, Flags = CloneFlags.NewPid, Script = "exec sleep 1000" });
        LaunchedReply second = supervisor.Launch(new TestLaunch("app") { Target = "init", JoinTargetPidNamespace = true, Script = "exec sleep 1000" });

        new FileInfo($"/proc/{second.ProcessId}/ns/pid").LinkTarget.Should().Be(new FileInfo($"/proc/{first.ProcessId}/ns/pid").LinkTarget)
            .And.NotBe(new FileInfo("/proc/self/ns/pid").LinkTarget);
        second.StartTicks.Should().BePositive();
        supervisor.Do(id => new SignalRequest("init", Signals.Kill).ToFrame(id));

        new WaitStatus(supervisor.NextExit("app").Status).Signal.Should().Be(Signals.Kill);
        supervisor.NextExit("init");
        ErrorReply.Read(supervisor.TryLaunch(new TestLaunch("late") { Target = "init" }).Body).Errno.Should().Be(Errno.ESRCH);
    }

    [SupervisorFact]
    public void Standard_input_is_a_pipe_until_the_last_end_is_closed()
    {
        using var supervisor = new LiveSupervisor();
        using var folder = new LogFolder();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app") { Input = InputMode.Pipe, LogFolder = folder.Descriptor, Script = "read line; echo got $line; read more || echo end" });

        ReceivedFrame reply = supervisor.Ask(id => new KeyRequest("app").ToFrame(MessageKind.OpenInput, id));
        using (SafeFileDescriptor input = reply.Descriptors.Single()) FileSystem.Write(input, "text\n"u8);
        supervisor.Do(MessageKind.CloseInput, "app");

        supervisor.NextExit("app").Status.Should().Be(0);
        folder.Lines().Select(l => l.Text).Should().Equal("got text", "end");
        supervisor.Fail(id => new KeyRequest("app").ToFrame(MessageKind.OpenInput, id)).Errno.Should().Be(Errno.ENXIO);
    }

    [SupervisorFact]
    public void Garbage_requests_are_refused_and_nothing_leaks()
    {
        using var supervisor = new LiveSupervisor();
        (LaunchRequest good, IReadOnlyList<SafeFileDescriptor> descriptors) = new TestLaunch("app").Build();
        supervisor.Describe(); // our connection is accepted
        int before = Directory.GetFiles($"/proc/{supervisor.ProcessId}/fd").Length;
        LaunchRequest With(string key = "app", int flags = 0, OutputMode output = OutputMode.Discard, int log = -1, string name = "0.log", byte[]? program = null) => new()
        {
            Key = key, CloneFlags = flags, Output = output, LogFolderDescriptor = log, LogName = name, Program = program ?? good.Program,
        };

        foreach (LaunchRequest bad in new[]
                 {
                     With(key: ""), With(key: "../x"), With(key: ".x"), With(key: new string('x', 129)), With(flags: (int)CloneFlags.Files), With(output: OutputMode.Capture),
                     With(output: OutputMode.Log), With(output: OutputMode.Log, log: 7), With(output: OutputMode.Log, log: 0, name: "a/b"), With(output: (OutputMode)9),
                     With(program: []), With(program: new byte[5000]), With(program: good.Program.ToArray()[..^1]),
                 })
        {
            ErrorReply error = supervisor.Fail(id => bad.ToFrame(id, descriptors.Count), descriptors);
            error.Errno.Should().Be(Errno.EPROTO, error.Message);
        }

        supervisor.Fail(id => new WireWriter().Complete((MessageKind)77, id)).Errno.Should().Be(Errno.ENOSYS);
        supervisor.Describe().Processes.Should().BeEmpty();
        Directory.GetFiles($"/proc/{supervisor.ProcessId}/fd").Length.Should().Be(before);
    }

    private static string RecordOf(LiveSupervisor supervisor, string key) => Path.Combine(supervisor.Folder, ExitRecord.Folder, key);
}
