using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class IsolationTests(TestNode node) : IClassFixture<TestNode>
{
    [SupervisorFact]
    public async Task The_kernel_shows_what_the_spec_says()
    {
        string output = await RunAsync("grep -E 'NoNewPrivs|Seccomp:|CapEff|CapBnd|CapAmb' /proc/self/status; hostname; ps | wc -l; pwd; echo $HOME; id");

        output.Should().Be("CapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t0\npod\n4\n/\n/root\nuid=0(root) gid=0(root) groups=0(root)\n");
    }

    [SupervisorFact]
    public async Task The_device_folder_holds_the_default_devices()
    {
        string output = await RunAsync("stat -c '%n %F %a %t:%T' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty; ls -l /dev | grep -c -e '->'; echo x > /dev/null; head -c 3 /dev/zero | wc -c; ls /dev/pts /dev/shm /dev/mqueue");

        output.Should().StartWith(
            "/dev/null character special file 666 1:3\n/dev/zero character special file 666 1:5\n/dev/full character special file 666 1:7\n/dev/random character special file 666 1:8\n/dev/urandom character special file 666 1:9\n/dev/tty character special file 666 5:0\n5\n3\n");
    }

    [SupervisorFact]
    public async Task The_nodes_disks_are_out_of_reach()
    {
        string output = await RunAsync("mknod /tmp/disk b 254 0; dd if=/tmp/disk of=/dev/null count=1 2>&1 | head -1; mknod /tmp/mem c 1 1; cat /tmp/mem 2>&1 | head -1");

        output.Should().Contain("Operation not permitted").And.NotContain("records");
    }

    [SupervisorFact]
    public async Task Masked_paths_are_empty_and_readonly_paths_cannot_be_written()
    {
        string output = await RunAsync("wc -c < /proc/keys; ls /sys/firmware | wc -l; echo 1 > /proc/sys/kernel/shmmni; echo 1 > /proc/irq/default_smp_affinity");

        output.Should().StartWith("0\n0\n");
        output.Split("Read-only file system").Should().HaveCount(3);
    }

    [SupervisorFact]
    public async Task Only_the_containers_own_mounts_are_there()
    {
        string output = await RunAsync("cat /proc/self/mountinfo; ls /proc/self/fd | wc -l");

        output.Should().Contain(" / / ").And.NotContain("/container").And.NotContain("orlop-supervisor");
        output.TrimEnd().Should().EndWith("\n4"); // 0, 1, 2 and the folder that ls reads
    }

    [SupervisorFact]
    public async Task A_read_only_root_cannot_be_written()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "touch /x 2>&1; touch /dev/shm/y && echo shm");
        spec = spec with { Oci = spec.Oci with { Root = new Root { Readonly = true } } };

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Contain("Read-only file system").And.Contain("shm");
    }

    [SupervisorFact]
    public async Task A_user_of_the_image_has_its_groups_and_home()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "id -u; id -g; id -G; echo $HOME; grep CapEff /proc/self/status") with { User = new UserRequest { ImageUser = "web" } };

        IContainer container = await pod.CreateContainerAsync(spec, TestNode.Silence.Instance, default);
        container.User.Should().BeEquivalentTo(new ContainerUser(1000, 1000, [1000, 2000]));
        await container.StartAsync(TestNode.Silence.Instance, default);
        await container.Exit;

        TestNode.Output(spec).Should().Be("1000\n1000\n1000 2000\n/home/web\nCapEff:\t0000000000000000\n");
    }

    [SupervisorFact]
    public async Task Ambient_capabilities_reach_a_user_who_is_not_root()
    {
        ISandbox pod = await node.RunPodAsync();
        string[] bind = ["CAP_NET_BIND_SERVICE"];
        ContainerSpec spec = (node.Container(pod, "sh", "-c", "grep -E 'CapEff|CapAmb|CapInh' /proc/self/status") with { User = new UserRequest { Uid = 1234 } })
            .WithProcess(process => process with { Capabilities = new LinuxCapabilities { Bounding = bind, Effective = bind, Permitted = bind, Inheritable = bind, Ambient = bind } });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Be("CapInh:\t0000000000000400\nCapEff:\t0000000000000400\nCapAmb:\t0000000000000400\n");
    }

    [SupervisorFact]
    public async Task A_working_directory_is_made_where_it_is_missing()
    {
        ISandbox pod = await node.RunPodAsync();

        (_, string output) = await TestNode.RunAsync(pod, node.Container(pod, "pwd").WithProcess(process => process with { Cwd = "/srv/app/data" }));

        output.Should().Be("/srv/app/data\n");
    }

    [SupervisorFact]
    public async Task A_working_directory_that_cannot_be_made_is_refused_at_creation()
    {
        ISandbox pod = await node.RunPodAsync();

        Func<Task> create = () => pod.CreateContainerAsync(node.Container(pod, "pwd").WithProcess(process => process with { Cwd = "/etc/passwd/x" }), TestNode.Silence.Instance, default);

        (await create.Should().ThrowAsync<RuntimeException>()).WithMessage("*working directory /etc/passwd/x*").Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [SupervisorFact]
    public async Task A_descriptor_of_the_supervisor_is_no_working_directory()
    {
        ISandbox pod = await node.RunPodAsync();
        for (int fd = 3; fd < 20; fd++)
        {
            ContainerSpec spec = node.Container(pod, "pwd").WithProcess(process => process with { Cwd = $"/proc/self/fd/{fd}" });
            IContainer container = await pod.CreateContainerAsync(spec, TestNode.Silence.Instance, default);

            Func<Task> start = () => container.StartAsync(TestNode.Silence.Instance, default);

            await start.Should().ThrowAsync<RuntimeException>(); // CVE-2024-21626
        }
    }

    [SupervisorFact]
    public async Task Volumes_are_mounted_with_their_options()
    {
        string volume = Directory.CreateDirectory($"{node.Folder}/volume").FullName;
        File.WriteAllText($"{volume}/data", "content\n");
        File.WriteAllText($"{node.Folder}/single", "one file\n");
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "cat /a/b/data /single; touch /a/b/new 2>&1; echo written > /rw/out; touch /dev/termination-log && echo ok").With(
            new Mount { Destination = "/a/b", Type = "bind", Source = volume, Options = ["rbind", "rprivate", "ro"] },
            new Mount { Destination = "/rw", Type = "bind", Source = volume, Options = ["rbind", "rprivate", "rw"] },
            new Mount { Destination = "/dev/termination-log", Type = "bind", Source = $"{node.Folder}/single", Options = ["rbind", "rprivate", "rw"] },
            new Mount { Destination = "/single", Type = "bind", Source = $"{node.Folder}/single", Options = ["rbind", "rprivate", "ro"] });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().StartWith("content\none file\n").And.Contain("Read-only file system").And.EndWith("ok\n");
        File.ReadAllText($"{volume}/out").Should().Be("written\n");
    }

    [SupervisorFact]
    public async Task A_link_in_the_image_does_not_lead_a_mount_out_of_it()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "cat /link/inside");
        string upper = spec.Rootfs[0].Options[1]["upperdir=".Length..];
        string outside = $"{node.Folder}/outside";
        File.CreateSymbolicLink($"{upper}/link", outside);
        string volume = Directory.CreateDirectory($"{node.Folder}/inner").FullName;
        File.WriteAllText($"{volume}/inside", "safe\n");
        Directory.CreateDirectory($"{upper}{outside}"); // what the link means inside
        Directory.CreateDirectory(outside);

        (_, string output) = await TestNode.RunAsync(pod, spec.With(new Mount { Destination = "/link", Type = "bind", Source = volume, Options = ["rbind", "rprivate"] }));

        output.Should().Be("safe\n");
        Directory.GetFiles(outside).Should().BeEmpty();
    }

    [SupervisorFact]
    public async Task A_host_path_that_does_not_exist_is_named()
    {
        ISandbox pod = await node.RunPodAsync();

        Func<Task> create = () => pod.CreateContainerAsync(
            node.Container(pod, "true").With(new Mount { Destination = "/x", Type = "bind", Source = "/no/such/path", Options = ["rbind"] }), TestNode.Silence.Instance, default);

        await create.Should().ThrowAsync<RuntimeException>().WithMessage("mount /x: host path /no/such/path does not exist.");
    }

    [SupervisorFact]
    public async Task Pods_have_their_files_and_shared_memory()
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { Dns = new DnsConfig(["10.0.0.10"], ["svc.local", "local"], ["ndots:5"]) });
        await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "echo between > /dev/shm/note"));

        (_, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "cat /etc/resolv.conf /etc/hostname /dev/shm/note; head -n 1 /etc/hosts; mount | grep -c /dev/shm"));

        output.Should().Be("search svc.local local\nnameserver 10.0.0.10\noptions ndots:5\npod\nbetween\n127.0.0.1\tlocalhost\n1\n");
    }

    [SupervisorFact]
    public async Task Sysctls_are_set_in_the_pod_and_not_on_the_node()
    {
        string before = File.ReadAllText("/proc/sys/kernel/shmmni");
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { Sysctls = new Dictionary<string, string> { ["kernel.shmmni"] = "1234", ["net.ipv4.ip_forward"] = "1" } });

        (_, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "cat /proc/sys/kernel/shmmni /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_unprivileged_port_start; cat /proc/sys/net/ipv4/ping_group_range"));

        output.Should().Be("1234\n1\n0\n0\t2147483647\n");
        File.ReadAllText("/proc/sys/kernel/shmmni").Should().Be(before);
    }

    [SupervisorFact]
    public async Task Containers_of_a_pod_can_share_their_processes()
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { Pid = NamespaceMode.Pod });
        LinuxNamespace shared = pod.Namespaces.Single(one => one.Type == "pid");
        ContainerSpec Shared(params string[] command) => node.Container(pod, command).WithLinux(
            linux => linux with { Namespaces = [.. linux.Namespaces!.Where(one => one.Type != "pid"), shared] });
        IContainer first = await TestNode.StartAsync(pod, Shared("sleep", "9876"));

        (_, string output) = await TestNode.RunAsync(pod, Shared("sh", "-c", "ps; ls /proc/1/root/ 2>&1; stat -c %u /proc/1"));

        output.Should().Contain("sleep 9876").And.Contain("orlop-init").And.EndWith("65534\n");
        first.Exit.IsCompleted.Should().BeFalse();
    }

    [SupervisorFact]
    public async Task A_debug_container_sees_the_processes_of_its_target()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer target = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "8765"));
        ContainerSpec debug = node.Container(pod, "ps").WithLinux(linux => linux with
        {
            Namespaces = [.. linux.Namespaces!.Where(one => one.Type != "pid"), new LinuxNamespace { Type = "pid", Path = $"/proc/{target.ProcessId}/ns/pid" }],
        });

        (_, string output) = await TestNode.RunAsync(pod, debug);

        output.Should().Contain("sleep 8765");
    }

    [SupervisorFact]
    public async Task A_pod_in_the_nodes_namespaces_sees_the_node()
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { Network = NamespaceMode.Node, Ipc = NamespaceMode.Node, Pid = NamespaceMode.Node, Hostname = "" });
        ContainerSpec spec = node.Container(pod, "sh", "-c", "hostname; ls -d /proc/" + Environment.ProcessId + "; ls -l /proc/self/ns/net")
            .WithLinux(linux => linux with { Namespaces = [new LinuxNamespace { Type = "mount" }] });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        pod.NetworkNamespace.Should().BeNull();
        pod.Namespaces.Should().BeEmpty();
        output.Should().StartWith($"{Environment.MachineName}\n/proc/{Environment.ProcessId}\n").And.Contain(new FileInfo("/proc/self/ns/net").LinkTarget);
    }

    [SupervisorFact]
    public async Task Seccomp_refuses_what_the_profile_refuses()
    {
        ISandbox pod = await node.RunPodAsync();
        var profile = new LinuxSeccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls = [new SeccompSyscall { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 38 }, new SeccompSyscall { Names = ["sethostname"], Action = "SCMP_ACT_KILL_PROCESS" }],
        };
        ContainerSpec spec = node.Container(pod, "sh", "-c", "grep Seccomp: /proc/self/status; mkdir /tmp/x 2>&1").WithLinux(linux => linux with { Seccomp = profile });

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, spec);
        (ContainerExit killed, _) = await TestNode.RunAsync(pod, node.Container(pod, "hostname", "x").WithLinux(linux => linux with { Seccomp = profile }));
        (_, string withoutNoNewPrivileges) = await TestNode.RunAsync(pod, spec.AsNew(node, pod).WithProcess(process => process with { NoNewPrivileges = false }).WithLinux(linux => linux with { Seccomp = profile }));

        output.Should().Contain("Seccomp:\t2").And.Contain("Function not implemented");
        exit.ExitCode.Should().Be(1);
        killed.Should().BeEquivalentTo(new { ExitCode = 159, Message = "killed by its seccomp filter (SIGSYS)" });
        withoutNoNewPrivileges.Should().Contain("Function not implemented");
    }

    [SupervisorFact]
    public async Task Resource_limits_and_scores_are_set_as_far_as_the_node_allows()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "ulimit -n; ulimit -c; cat /proc/self/oom_score_adj; umask").WithProcess(process => process with
        {
            OomScoreAdj = 500,
            Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 1000, Hard = 2000 }, new Rlimit { Type = "RLIMIT_CORE", Soft = 0, Hard = ulong.MaxValue }],
        });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Be("1000\n0\n500\n0022\n");
    }

    [SupervisorFact]
    public async Task A_negative_oom_score_does_not_fail_the_start()
    {
        ISandbox pod = await node.RunPodAsync();

        (ContainerExit exit, _) = await TestNode.RunAsync(pod, node.Container(pod, "true").WithProcess(process => process with { OomScoreAdj = -998 }));

        exit.ExitCode.Should().Be(0);
    }

    [SupervisorFact]
    public async Task Cgroup_files_show_the_containers_own_limits()
    {
        ISandbox pod = await node.RunPodAsync();
        (string files, string folder, string values) = CgroupTree.IsV2
            ? ("memory.max memory.swap.max pids.max cpu.weight cpu.max", ".", "67108864\n0\n50\n59\n50000 100000\n")
            : ("memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes pids/pids.max cpu/cpu.shares cpu/cpu.cfs_quota_us", "memory", "67108864\n67108864\n50\n512\n50000\n");
        ContainerSpec spec = node.Container(pod, "sh", "-c", $"cd /sys/fs/cgroup; cat {files}; touch {folder}/x 2>&1; grep -E ':memory:|^0::' /proc/self/cgroup")
            .WithResources(new Resources
            {
                Memory = new MemoryResources { Limit = 64 << 20, Swap = 64 << 20 },
                Pids = new PidsResources { Limit = 50 },
                Cpu = new CpuResources { Shares = 512, Quota = 50_000, Period = 100_000 },
                HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 0 }],
            });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().StartWith(values).And.Contain("Read-only file system").And.EndWith(":/\n");
    }

    [SupervisorFact]
    public async Task A_privileged_container_gets_the_nodes_devices()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "head -c 1 /dev/kmsg > /dev/null 2>&1; ls /dev | wc -l; stat -c %F /dev/kmsg")
            .WithResources(new Resources { Devices = [new DeviceRule { Allow = true, Type = "a", Access = "rwm" }] });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        if (File.Exists("/dev/kmsg")) output.Should().Contain("character special file");
        int.Parse(output.Split('\n')[0], null).Should().BeGreaterThan(15);
    }

    [SupervisorFact]
    public async Task A_device_of_the_node_can_be_given_and_used()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "head -c 2 /dev/mine | wc -c; echo x > /dev/mine 2>&1") with { Devices = [new HostDevice("/dev/zero", "/dev/mine", "r")] };

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().StartWith("2\n");
    }

    [SupervisorFact]
    public async Task A_log_file_is_there_when_the_start_returns()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sleep", "1000");

        await TestNode.StartAsync(pod, spec);

        File.Exists(spec.LogPath).Should().BeTrue();
    }

    private async Task<string> RunAsync(string script)
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", $"({script}) 2>&1");
        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, spec);
        exit.Message.Should().BeEmpty();
        return output;
    }
}
