using Orlop.Linux.Cgroups;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Tests.EndToEnd;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>Processes that begin in a cgroup of v2, instead of moving there.</summary>
public sealed class BirthTests : IAsyncLifetime
{
    private readonly string _name = $"/orlop-test-{Guid.NewGuid():N}";

    private string Folder => UnifiedNode.Tree + _name;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (!Directory.Exists(Folder)) return;
        await Eventually.PassesAsync(() => File.ReadAllText($"{Folder}/cgroup.procs").Should().BeEmpty());
        Directory.Delete(Folder);
    }

    [UnifiedFact]
    public void A_process_is_born_in_the_cgroup_and_its_program_does_not_enter_it()
    {
        using var supervisor = new LiveSupervisor();
        using SafeFileDescriptor cgroup = MakeCgroup(), nowhere = FileSystem.Open("/dev/null", OpenFlags.WriteOnly);

        foreach (CloneFlags flags in (CloneFlags[])[CloneFlags.None, CloneFlags.NewPid])
        {
            (_, string output, _) = supervisor.Exec(new TestLaunch("app") { Kind = ProcessKind.Exec, Flags = flags, Cgroup = cgroup, Entrance = nowhere, Script = "grep 0:: /proc/self/cgroup" });

            output.Should().Be($"0::{_name}\n");
        }
    }

    [UnifiedFact]
    public void A_cgroup_whose_cpus_are_those_of_the_parent_is_a_birthplace_on_every_kernel()
    {
        using SafeFileDescriptor cgroup = MakeCgroup();

        using CgroupEntrance entrance = CgroupEntrance.Open(CgroupLayout.Detect(UnifiedNode.Tree), [Folder], Environment.ProcessId);

        entrance.Folder.Should().NotBeNull();
        entrance.Files.Should().ContainSingle("a kernel may refuse");
    }

    [UnifiedFact]
    public void Where_the_kernel_refuses_the_program_enters_the_cgroup()
    {
        using var supervisor = new LiveSupervisor();
        using SafeFileDescriptor cgroup = MakeCgroup(), entrance = FileSystem.Open($"{Folder}/cgroup.procs", OpenFlags.WriteOnly), noCgroup = FileSystem.Open("/tmp", OpenFlags.Path);

        (_, string output, _) = supervisor.Exec(new TestLaunch("app") { Kind = ProcessKind.Exec, Cgroup = noCgroup, Entrance = entrance, Script = "grep 0:: /proc/self/cgroup" });

        output.Should().Be($"0::{_name}\n");
    }

    [UnifiedFact]
    public void A_failure_on_the_way_in_is_named()
    {
        using var supervisor = new LiveSupervisor();
        using SafeFileDescriptor noCgroup = FileSystem.Open("/tmp", OpenFlags.Path), full = FileSystem.Open("/dev/full", OpenFlags.WriteOnly);
        var launch = new TestLaunch("app") { Cgroup = noCgroup, Entrance = full };

        launch.Explain(ErrorReply.Read(supervisor.TryLaunch(launch).Body)).Should().Be("enter a cgroup: ENOSPC");
    }

    [UnifiedFact]
    public void A_kill_reaches_a_process_that_was_born_in_a_cgroup_and_still_starts()
    {
        using var supervisor = new LiveSupervisor();
        using SafeFileDescriptor cgroup = MakeCgroup(), nowhere = FileSystem.Open("/dev/null", OpenFlags.WriteOnly);
        var hanging = new TestLaunch("hanging")
        {
            Cgroup = cgroup,
            Entrance = nowhere,
            StartTimeout = 300,
            Program = b =>
            {
                b.Call("hang", SyscallNumber.Pause, []);
                b.Execute("/bin/true", ["true"], []);
            },
        };

        hanging.Explain(ErrorReply.Read(supervisor.TryLaunch(hanging).Body)).Should().Be("hang: ETIMEDOUT");
    }

    [UnifiedFact]
    public void A_supervisor_is_born_in_a_cgroup_as_a_child_of_whoever_spawned_it()
    {
        using SafeFileDescriptor cgroup = MakeCgroup();
        using var supervisor = new LiveSupervisor(CloneFlags.NewNet, bornIn: Folder);

        supervisor.Reborn.Should().BeTrue();
        supervisor.Describe().ProcessId.Should().Be(supervisor.ProcessId);
        File.ReadAllLines($"/proc/{supervisor.ProcessId}/cgroup").Should().Contain($"0::{_name}");
        string[] stat = File.ReadAllText($"/proc/{supervisor.ProcessId}/stat").Split(' ');
        (stat[3], stat[5]).Should().Be(($"{Environment.ProcessId}", $"{supervisor.ProcessId}"), "the session is its own");
        supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "exit 3" }).Exit.Status.Should().Be(3 << 8);
    }

    [UnifiedFact]
    public void Where_the_kernel_refuses_the_supervisor_stays_what_it_is()
    {
        using var supervisor = new LiveSupervisor(bornIn: "/tmp");

        supervisor.Reborn.Should().BeFalse();
        supervisor.Describe().ProcessId.Should().Be(supervisor.ProcessId);
    }

    [UnifiedFact]
    public void A_supervisor_without_its_cgroup_says_so()
    {
        using var supervisor = new LiveSupervisor(bornIn: Folder);

        supervisor.StartupText.Should().Be($"orlop-supervisor: openat \"{Folder}\": ENOENT\n");
    }

    private SafeFileDescriptor MakeCgroup()
    {
        Directory.CreateDirectory(Folder);
        return FileSystem.Open(Folder, OpenFlags.Path | OpenFlags.Directory);
    }
}
