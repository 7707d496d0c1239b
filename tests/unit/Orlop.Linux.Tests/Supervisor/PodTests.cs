using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class PodTests
{
    [SupervisorFact]
    public void A_pod_has_its_own_namespaces_host_name_loopback_and_sysctls()
    {
        using var supervisor = new LiveSupervisor(
            CloneFlags.NewNet | CloneFlags.NewIpc | CloneFlags.NewUts, hostname: "pod-1", sysctls: ["net.core.somaxconn=1234", "kernel.shm_rmid_forced=1"]);
        foreach (string kind in new[] { "net", "ipc", "uts", "mnt" })
            new FileInfo($"/proc/{supervisor.ProcessId}/ns/{kind}").LinkTarget.Should().NotBe(new FileInfo($"/proc/self/ns/{kind}").LinkTarget);

        (_, string output, _) = supervisor.Exec(new TestLaunch("e")
        {
            Kind = ProcessKind.Exec,
            Script = "hostname; cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shm_rmid_forced; ping -c1 -w5 127.0.0.1 | grep -c 'bytes from'",
        });

        output.Should().Be("pod-1\n1234\n1\n1\n");
        supervisor.Describe().Namespaces.Should().Be((int)(CloneFlags.NewNet | CloneFlags.NewIpc | CloneFlags.NewUts));
    }

    [SupervisorFact]
    public void The_supervisor_stands_in_a_mount_namespace_of_three_mounts_and_holds_no_stream_of_its_parent()
    {
        using var supervisor = new LiveSupervisor();

        File.ReadAllLines($"/proc/{supervisor.ProcessId}/mounts").Select(l => l.Split(' ')[1]).Should().BeEquivalentTo("/", "/proc", "/sys");
        foreach (string std in new[] { "0", "1", "2" }) new FileInfo($"/proc/{supervisor.ProcessId}/fd/{std}").LinkTarget.Should().Be("/dev/null");
    }

    [SupervisorFact]
    public void Shared_memory_is_a_tmpfs_of_the_size_that_was_asked_for()
    {
        using var supervisor = new LiveSupervisor(sharedMemory: 123 << 12);

        string root = $"/proc/{supervisor.ProcessId}/root{PodRoot.SharedMemory}";
        FileSystemStatus status = FileSystem.FileSystemOf(root);
        (status.Type, status.Blocks * (ulong)status.BlockSize).Should().Be((0x01021994, 123UL << 12));
        File.WriteAllText($"{root}/x", "writable");
        FluentActions.Invoking(() => File.WriteAllText($"/proc/{supervisor.ProcessId}/root/x", "")).Should().Throw<IOException>("the root itself is read-only");
    }

    [SupervisorFact]
    public async Task Without_a_record_of_it_a_supervisor_ends_itself()
    {
        using var supervisor = new LiveSupervisor(CloneFlags.NewNet, onRecord: false);

        await Eventually.PassesAsync(() => File.ReadAllText($"/proc/{supervisor.ProcessId}/stat").Should().Contain(") Z "));
        supervisor.StartupText.Should().BeEmpty("nobody is there to read it");
    }

    [SupervisorFact]
    public void A_failed_start_says_why()
    {
        using var supervisor = new LiveSupervisor(CloneFlags.NewNet, sysctls: ["net.no.such.key=1"]);

        supervisor.StartupText.Should().Be("orlop-supervisor: openat2 \"net/no/such/key\": ENOENT\n");
    }

    [SupervisorFact]
    public void Signals_to_the_supervisor_end_nothing()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Launch(new TestLaunch("app") { Script = "exec sleep 1000" });
        using var process = PidFd.Open(supervisor.ProcessId);

        foreach (int signal in new[] { 1, 2, 3, Signals.Pipe, Signals.Term }) process.Signal(signal);

        supervisor.Describe("app").State.Should().Be(ProcessState.Running);
    }

    [SupervisorFact]
    public async Task Orphans_of_the_pod_are_waited_for()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Launch(new TestLaunch("app") { Script = "(exec sleep 1000) & echo; exec sleep 1000" });
        (_, string output, _) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "(sleep 1; exit 5) >/dev/null 2>&1 & echo $!" });
        int orphan = int.Parse(output);

        File.ReadAllText($"/proc/{orphan}/stat").Split(' ')[3].Should().Be($"{supervisor.ProcessId}");
        await Eventually.PassesAsync(() => Directory.Exists($"/proc/{orphan}").Should().BeFalse());
    }

    [SupervisorFact]
    public void A_shutdown_refuses_while_something_runs_and_ends_everything_when_told_to()
    {
        using var supervisor = new LiveSupervisor();
        int pid = supervisor.Launch(new TestLaunch("app") { Script = "trap '' TERM; while true; do sleep 1000; done" }).ProcessId;

        supervisor.Fail(id => new ShutdownRequest(Kill: false).ToFrame(id)).Errno.Should().Be(Errno.EBUSY);
        supervisor.Connection.Send(new ShutdownRequest(Kill: true).ToFrame(99));
        supervisor.Connection.Receive().Should().BeNull("the end of the stream is the answer");

        Directory.Exists($"/proc/{pid}").Should().BeFalse();
        Processes.Wait(supervisor.ProcessId, wait: true, out WaitStatus status).Should().Be(supervisor.ProcessId);
        status.Raw.Should().Be(0);
    }

    [SupervisorFact]
    public void Clients_that_vanish_or_talk_nonsense_do_no_harm()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        supervisor.Launch(new TestLaunch("app") { Input = InputMode.Pipe, Script = "read end; exit 4" });
        for (int i = 0; i < 100; i++)
        {
            using SafeFileDescriptor socket = Sockets.Connect(supervisor.SocketPath);
            var random = new Random(i);
            var noise = new byte[random.Next(1, 4000)];
            random.NextBytes(noise);
            if (i % 3 == 0) noise.AsSpan(0, Math.Min(4, noise.Length)).Clear(); // a plausible head
            Sockets.Send(socket, noise, i % 5 == 0 ? [0, 1, 2] : []);
        }

        supervisor.Do(MessageKind.CloseInput, "app");
        new WaitStatus(supervisor.NextExit("app").Status).ExitCode.Should().Be(4);
    }

    [SupervisorFact]
    public async Task Memory_kills_are_counted_and_a_cgroup_is_killed_as_a_whole()
    {
        using var cgroup = new TestCgroup();
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);
        using SafeFileDescriptor procs = FileSystem.Open($"{cgroup.Path}/cgroup.procs", OpenFlags.ReadWrite);
        using SafeFileDescriptor oom = FileSystem.Open(cgroup.OomEvents, OpenFlags.ReadOnly);
        void JoinCgroup(SyscallProgramBuilder b) => b.Call("join cgroup", SyscallNumber.Write, [b.Descriptor(procs), b.Text("0"), 1]);

        supervisor.Launch(new TestLaunch("hog") { Oom = oom, Before = JoinCgroup, Script = "x=0123456789; while true; do x=$x$x; done" });
        ExitNotice hog = supervisor.NextExit("hog");
        hog.OomKills.Should().Be(1);
        new WaitStatus(hog.Status).ExitCode.Should().Be(137);

        using SafeFileDescriptor list = FileSystem.Open($"{cgroup.Path}/cgroup.procs", OpenFlags.ReadOnly);
        supervisor.Launch(new TestLaunch("app") { Oom = oom, CgroupProcs = list, Before = JoinCgroup, Script = "setsid sleep 1000 & setsid sleep 1000 & read never", Input = InputMode.Pipe });
        await Eventually.PassesAsync(() => File.ReadAllLines($"{cgroup.Path}/cgroup.procs").Should().HaveCount(3));

        supervisor.Do(MessageKind.Kill, "app");
        supervisor.NextExit("app").OomKills.Should().Be(0, "earlier kills in the cgroup are not its own");
        cgroup.WaitUntilEmpty();
    }
}
