using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>Volumes with mounts below them; the mounts are made on this machine, in the test's own folder, and taken away again.</summary>
public sealed class VolumeTests(TestNode node) : IClassFixture<TestNode>, IDisposable
{
    private readonly List<string> _mounted = [];

    public void Dispose()
    {
        for (int i = _mounted.Count - 1; i >= 0; i--) Mounts.TryUnmount(_mounted[i], UnmountFlags.Detach);
    }

    [SupervisorFact]
    public async Task A_recursive_read_only_volume_covers_what_is_mounted_below_it()
    {
        string volume = Tmpfs("rro");
        Tmpfs("rro/below");
        ISandbox pod = await node.RunPodAsync();

        (_, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "touch /ro/below/x && echo only the top; touch /rro/below/x 2>&1").With(
            new Mount { Destination = "/ro", Type = "bind", Source = volume, Options = ["rbind", "rprivate", "ro"] },
            new Mount { Destination = "/rro", Type = "bind", Source = volume, Options = ["rbind", "rprivate", "rro"] }));

        output.Should().StartWith("only the top\n").And.Contain("Read-only file system");
    }

    [SupervisorFact]
    public async Task A_later_mount_of_the_node_reaches_a_volume_that_listens()
    {
        string volume = Tmpfs("slave");
        Mounts.SetPropagation(volume, MountFlags.Shared);
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000").With(
            new Mount { Destination = "/slave", Type = "bind", Source = volume, Options = ["rbind", "rslave"] },
            new Mount { Destination = "/private", Type = "bind", Source = volume, Options = ["rbind", "rprivate"] }));

        Tmpfs("slave/late");
        await File.WriteAllTextAsync($"{volume}/late/file", "");

        (await container.ExecAsync(new ExecSpec { Command = ["ls", "/slave/late/file"] }, default)).ExitCode.Should().Be(0);
        (await container.ExecAsync(new ExecSpec { Command = ["ls", "/private/late/file"] }, default)).ExitCode.Should().Be(1);
    }

    [SupervisorFact]
    public async Task A_mount_of_the_container_reaches_the_node_through_a_shared_volume()
    {
        string volume = Tmpfs("shared");
        Mounts.SetPropagation(volume, MountFlags.Shared);
        ISandbox pod = await node.RunPodAsync();
        string[] admin = ["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"];
        ContainerSpec spec = node.Container(pod, "sh", "-c", "mkdir /shared/made; mount -t tmpfs made /shared/made && touch /shared/made/file")
            .With(new Mount { Destination = "/shared", Type = "bind", Source = volume, Options = ["rbind", "rshared"] })
            .WithProcess(process => process with { Capabilities = new LinuxCapabilities { Bounding = admin, Effective = admin, Permitted = admin } })
            .WithLinux(linux => linux with { RootfsPropagation = "rshared" });

        (ContainerExit exit, _) = await TestNode.RunAsync(pod, spec);
        _mounted.Add($"{volume}/made");

        exit.ExitCode.Should().Be(0);
        File.Exists($"{volume}/made/file").Should().BeTrue();
    }

    [SupervisorFact]
    public async Task A_volume_that_cannot_propagate_is_refused()
    {
        string volume = Tmpfs("deaf");
        Mounts.SetPropagation(volume, MountFlags.Private);
        ISandbox pod = await node.RunPodAsync();

        Func<Task> create = () => pod.CreateContainerAsync(
            node.Container(pod, "true").With(new Mount { Destination = "/v", Type = "bind", Source = volume, Options = ["rbind", "rshared"] }), TestNode.Silence.Instance, default);

        await create.Should().ThrowAsync<RuntimeException>().WithMessage($"mount /v: host path {volume} lies on a mount that is not shared*");
    }

    [SupervisorFact]
    public async Task An_update_that_fails_half_way_changes_nothing()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sleep", "1000").WithResources(new Resources { Cpu = new CpuResources { Shares = 200 }, Memory = new MemoryResources { Limit = 64 << 20, Swap = 64 << 20 } });
        IContainer container = await TestNode.StartAsync(pod, spec);
        string cgroup = $"/orlop/{pod.Id}/{container.Id}";
        bool unified = CgroupTree.IsV2;

        Func<Task> update = () => ((IUpdateResources)container).UpdateResourcesAsync(
            new Resources { Cpu = new CpuResources { Shares = 900, Cpus = "4000" }, Memory = new MemoryResources { Limit = 96 << 20, Swap = 96 << 20 } }, default);

        (await update.Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain("cpuset.cpus");
        File.ReadAllText($"{CgroupTree.For("cpu").Folder(cgroup)}/{(unified ? "cpu.weight" : "cpu.shares")}").Should().Be(unified ? "29\n" : "200\n");
        File.ReadAllText($"{CgroupTree.For("memory").Folder(cgroup)}/{(unified ? "memory.max" : "memory.limit_in_bytes")}").Should().Be($"{64 << 20}\n");
    }

    [SupervisorFact]
    public void An_overlay_can_be_made_with_all_lower_folders_in_one_option()
    {
        foreach (int layers in (int[])[3, 100]) // so many fit into one string of fsconfig(2), and only into a page of mount(2)
        {
            string[] lower = [.. Enumerable.Range(0, layers).Select(i => Directory.CreateDirectory($"{node.Folder}/joined {layers},/{i}").FullName)];
            File.WriteAllText($"{lower[0]}/same", "top");
            File.WriteAllText($"{lower[^1]}/same", "bottom");
            File.WriteAllText($"{lower[^1]}/last", "last");
            string upper = Directory.CreateDirectory($"{node.Folder}/joined {layers},/upper").FullName, work = Directory.CreateDirectory($"{node.Folder}/joined {layers},/work").FullName;

            using SafeFileDescriptor root = JoinedOverlay.Mount(new RootfsMount("overlay", "overlay", [.. lower.Select(folder => $"lowerdir+={folder}"), $"upperdir={upper}", $"workdir={work}"]));

            Read(root, "same").Should().Be("top");
            Read(root, "last").Should().Be("last");
            FileSystem.Open(root, "new", OpenFlags.WriteOnly | OpenFlags.Create, 0x1a4).Dispose();
            File.Exists($"{upper}/new").Should().BeTrue();
            File.ReadAllText("/proc/self/mountinfo").Should().NotContain("/proc/self/fd/");
        }

        static string Read(SafeFileDescriptor root, string name)
        {
            using SafeFileDescriptor file = FileSystem.Open(root, name, OpenFlags.ReadOnly);
            return Encoding.UTF8.GetString(FileSystem.ReadAll(file));
        }
    }

    [SupervisorFact]
    public async Task What_the_backend_cannot_do_is_refused_and_not_ignored()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec plain = node.Container(pod, "true");
        ContainerSpec[] impossible =
        [
            plain with { Oci = plain.Oci with { Hooks = new Hooks { Prestart = [new Hook { Path = "/bin/true" }] } } },
            plain.WithLinux(linux => linux with { Namespaces = [.. linux.Namespaces!, new LinuxNamespace { Type = "user" }] }),
            plain.WithProcess(process => process with { Cwd = "relative" }),
            plain.WithProcess(process => process with { Args = [] }),
            plain.WithProcess(process => process with { Env = ["HOME=/root\nevil"] }),
            plain.WithResources(new Resources { Memory = new MemoryResources { Limit = 1000 } }),
        ];
        foreach (ContainerSpec spec in impossible)
        {
            Func<Task> create = () => pod.CreateContainerAsync(spec, TestNode.Silence.Instance, default);

            await create.Should().ThrowAsync<RuntimeException>();
            Directory.Exists(CgroupTree.For("memory").Folder($"/orlop/{pod.Id}/{spec.Id}")).Should().BeFalse();
        }
    }

    private string Tmpfs(string name)
    {
        string folder = Directory.CreateDirectory($"{node.Folder}/mounts/{name}").FullName;
        Mounts.Mount("tmpfs", folder, "tmpfs", MountFlags.None);
        _mounted.Add(folder);
        return folder;
    }
}
