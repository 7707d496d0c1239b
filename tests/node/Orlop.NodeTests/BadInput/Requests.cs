using Google.Protobuf;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.BadInput;

/// <summary>Requests that cannot be served: refused by name, with nothing left, and the next one is served.</summary>
public sealed class Requests(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeTheory]
    [InlineData("localhost:5000/Upper/case:1")]
    [InlineData("localhost:5000/orlop/busybox:")]
    [InlineData("localhost:5000/orlop/../busybox:1")]
    [InlineData("localhost:5000/orlop/busybox:1 --insecure")]
    [InlineData("localhost:5000/orlop/busybox@sha256:abc")]
    [InlineData("http://localhost:5000/orlop/busybox")]
    [InlineData("line\nbreak")]
    public async Task A_malformed_image_name_is_quoted_and_asked_of_no_registry(string name)
    {
        var pull = await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = name } }).ShouldFailWithAsync(StatusCode.InvalidArgument);
        pull.Status.Detail.Should().Contain($"\"{name}\"");

        var status = await Node.Cri.Images.ImageStatusAsync(new() { Image = new ImageSpec { Image = name } }).ShouldFailWithAsync(StatusCode.InvalidArgument);
        status.Status.Detail.Should().Contain($"\"{name}\"");
    }

    [NodeFact]
    public async Task A_request_without_an_image_name_says_what_is_missing()
    {
        (await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec() }).ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain("image.image");
    }

    [NodeFact]
    public async Task An_unknown_handler_is_refused_with_those_that_there_are()
    {
        var config = Node.PodConfig();

        var run = async () => await Node.RunPodAsync(config, handler: "kata");

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("\"kata\"").And.Contain("default");
        await using var pod = await Node.RunPodAsync(config);
        (await pod.RunAsync("echo runs")).Output.Should().Be("runs\n");
    }

    [NodeTheory]
    [InlineData("/bin/no-such-program", "no such file")]
    [InlineData("no-such-program", "not found in $PATH")]
    [InlineData("/etc/passwd", "permission denied")]
    [InlineData("/etc", "directory")]
    [InlineData("/bin/sh/deeper", "/bin/sh/deeper")]
    [InlineData("/tmp/text", "exec format error")]
    public async Task A_command_that_cannot_run_is_a_StartError_that_names_it_and_an_error_of_exec(string command, string reason)
    {
        await using var pod = await Node.RunPodAsync();
        var text = await Node.PushAsync(TestImages.Unique("orlop/text") with { Layers = [.. TestImages.Busybox.Layers, ImageLayer.Of(layer => layer.File("tmp/text", "no program", 0b111_101_101))] });
        void Configure(ContainerConfig config)
        {
            config.Image.Image = text.Reference;
            config.Command.Clear();
            config.Command.Add(command);
        }

        var container = await pod.CreateAsync("", Configure);
        var start = await ((Func<Task>)container.StartAsync).Should().ThrowAsync<RpcException>();

        start.Which.Status.Detail.Should().Contain(command).And.Contain(reason);
        var status = await container.StatusAsync();
        (status.State, status.Reason, status.ExitCode).Should().Be((ContainerState.ContainerExited, "StartError", 128));

        var running = await pod.StartAsync("sleep 1000", config => config.Image.Image = text.Reference);
        var exec = await ((Func<Task>)(async () => await Runtime.ExecSyncAsync(new() { ContainerId = running.Id, Cmd = { command } }))).Should().ThrowAsync<RpcException>();
        exec.Which.Status.Detail.Should().Contain(command);
        (await running.ReadAsync("echo next")).Should().Be("next");
    }

    [NodeTheory]
    [InlineData(1L << 32)]
    [InlineData(uint.MaxValue)]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    public async Task An_id_beyond_32_bits_is_refused_and_never_cut(long id)
    {
        var value = new Int64Value { Value = id };

        await CreateFailsAsync(config => config.Linux.SecurityContext.RunAsUser = value, $"{id}");
        await CreateFailsAsync(config => (config.Linux.SecurityContext.RunAsUser, config.Linux.SecurityContext.RunAsGroup) = (new Int64Value(), value), $"{id}");
        await CreateFailsAsync(config => config.Linux.SecurityContext.SupplementalGroups.Add(id), $"{id}");
    }

    [NodeTheory]
    [InlineData("kernel.core_pattern", "|/tmp/evil")]
    [InlineData("kernel/core_pattern", "|/tmp/evil")]
    [InlineData("net.ipv4.ip_forward", "1\nkernel.core_pattern=|/tmp/evil")]
    [InlineData("net.ipv4.ip_forward", "1+kernel.core_pattern=|/tmp/evil")]
    [InlineData("net/../kernel/core_pattern", "|/tmp/evil")]
    [InlineData("net.ipv4/../../kernel.core_pattern", "|/tmp/evil")]
    [InlineData("net..ipv4.ip_forward", "1")]
    [InlineData("vm.overcommit_memory", "1")]
    [InlineData("kernel.hostname", "other")]
    [InlineData("fs.mqueue", "1")]
    [InlineData("kernel.shm_rmid_forced\0", "1")]
    public async Task A_sysctl_that_would_reach_the_node_is_refused_by_name(string name, string value)
    {
        var before = await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern");

        (await RunFailsAsync(config => config.Linux.Sysctls[name] = value)).Should().Contain(name);

        (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern")).Should().Be(before);
    }

    [NodeFact]
    public async Task A_sysctl_that_the_kernel_does_not_take_is_an_error_with_its_name_and_value()
    {
        (await RunFailsAsync(config => config.Linux.Sysctls["net.ipv4.ip_forward"] = "perhaps")).Should().Contain("net/ipv4/ip_forward").And.Contain("perhaps");
        (await RunFailsAsync(config => config.Linux.Sysctls["net.ipv4.no_such_parameter"] = "1")).Should().Contain("net/ipv4/no_such_parameter");
    }

    [NodeTheory]
    [InlineData("host\nname")]
    [InlineData("host name")]
    [InlineData("host/name")]
    public async Task A_host_name_that_is_none_is_refused(string hostname)
    {
        (await RunFailsAsync(config => config.Hostname = hostname)).Should().Contain($"'{hostname}'");
    }

    [NodeFact]
    public async Task A_resolver_setting_cannot_smuggle_in_another_line()
    {
        const string trick = "10.0.0.1\nnameserver 6.6.6.6";

        (await RunFailsAsync(config => config.DnsConfig = new DNSConfig { Servers = { trick } })).Should().Contain("10.0.0.1");
        (await RunFailsAsync(config => config.DnsConfig = new DNSConfig { Searches = { trick } })).Should().Contain("10.0.0.1");
        (await RunFailsAsync(config => config.DnsConfig = new DNSConfig { Options = { trick } })).Should().Contain("10.0.0.1");
    }

    [NodeTheory]
    [InlineData("../../etc/cron.d/evil")]
    [InlineData("c/../../../evil.log")]
    [InlineData("..")]
    public async Task A_log_outside_of_the_pods_folder_is_refused(string path)
    {
        await using var pod = await Node.RunPodAsync();

        await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = Config(pod, config => config.LogPath = path), SandboxConfig = pod.Config })
            .ShouldFailWithAsync(StatusCode.InvalidArgument);
    }

    [NodeFact]
    public async Task Values_that_cannot_be_meant_are_refused_by_name()
    {
        await CreateFailsAsync(config => config.StopSignal = (Signal)9999, "9999");
        await CreateFailsAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = (NamespaceMode)77, "77");
        await CreateFailsAsync(config => config.Linux.SecurityContext.SupplementalGroups.Add(Enumerable.Range(0, 70_000).Select(group => (long)group)), "70000");
        await CreateFailsAsync(config => config.Envs.Add(new KeyValue { Key = "A=B" }), "A=B");
        await CreateFailsAsync(config => config.LogPath += "/", "log path");
        await CreateFailsAsync(config => config.LogPath = new string('x', 300), "255");
        await CreateFailsAsync(config => config.Devices.Add(new Device { HostPath = "/etc", ContainerPath = "/dev/x", Permissions = "r" }), "/etc");
        await CreateFailsAsync(config => config.CDIDevices.Add(new CDIDevice { Name = "vendor.com/gpu=0" }), "vendor.com/gpu=0");
        (await RunFailsAsync(config => config.LogDirectory = "var/log/pod")).Should().Contain("\"var/log/pod\"");
        (await RunFailsAsync(config => config.Hostname = new string('ü', 40))).Should().Contain("80 bytes");
        (await RunFailsAsync(config => config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 70_000 }))).Should().Contain("70000");
        (await RunFailsAsync(config => config.PortMappings.Add(new PortMapping { ContainerPort = -1, HostPort = 8080 }))).Should().Contain("-1");
        (await RunFailsAsync(config => config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 8080, HostIp = "nowhere" }))).Should().Contain("\"nowhere\"");
    }

    [NodeFact]
    public async Task Arguments_and_paths_beyond_what_the_kernel_takes_are_the_requests_fault()
    {
        await StartFailsAsync(config => config.Args.Add(new string('x', 1 << 20)), "too long");
        await StartFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/" + new string('x', 5000) }), "ENAMETOOLONG");
    }

    [NodeFact]
    public async Task A_mount_that_finds_no_place_is_the_requests_fault()
    {
        var file = Path.Combine(Node.Folder.Shared, "file");
        await File.WriteAllTextAsync(file, "");

        await StartFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/etc/passwd" }), "\"/etc/passwd\": a folder cannot be mounted on a file");
        await StartFailsAsync(config => config.Mounts.Add(new Mount { HostPath = file, ContainerPath = "/etc" }), "\"/etc\": a folder cannot be mounted on a file, nor a file on a folder");
        await StartFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/etc/passwd/deeper" }), "\"/etc/passwd\" in the container: ENOTDIR");
        await StartFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/proc/missing" }), "\"/proc/missing\" in the container: ENOENT");
        await StartFailsAsync(
            config => config.Mounts.AddRange([new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/mnt", Readonly = true }, new Mount { HostPath = file, ContainerPath = "/mnt/new/file" }]),
            "\"/mnt/new\" in the container: EROFS");
    }

    [NodeFact]
    public async Task A_name_of_any_length_is_answered_with_an_error_that_fits_into_headers()
    {
        var name = "localhost:5000/" + new string('a', 1 << 20);

        var error = await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = name } }).ShouldFailWithAsync(StatusCode.InvalidArgument);

        error.Status.Detail.Length.Should().BeInRange(100, 5000);
    }

    [NodeFact]
    public async Task Bytes_that_the_kernel_would_cut_at_are_refused_wherever_they_are()
    {
        await CreateFailsAsync(config => config.Args.Add("cut\0here"), "NUL");
        await CreateFailsAsync(config => config.Envs.Add(new KeyValue { Key = "NAME", Value = ByteString.CopyFromUtf8("cut\0here") }), "NAME=cut");
        await CreateFailsAsync(config => config.WorkingDir = "/tmp\0here", "/tmp");
        await CreateFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/mnt\0here" }), "/mnt");
        await CreateFailsAsync(config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared + "\0here", ContainerPath = "/mnt" }), "here");
    }

    [NodeFact]
    public async Task Ten_thousand_labels_and_annotations_are_kept_and_listed()
    {
        static void Fill(IDictionary<string, string> map, string kind)
        {
            for (var i = 0; i < 10_000; i++)
            {
                map[$"{kind}-{i}"] = $"value of {i}";
            }
        }

        await using var pod = await Node.RunPodAsync(config =>
        {
            Fill(config.Labels, "label");
            Fill(config.Annotations, "annotation");
        });
        var container = await pod.StartAsync("sleep 1000", config =>
        {
            Fill(config.Labels, "label");
            Fill(config.Annotations, "annotation");
        });

        (await pod.StatusAsync()).Labels.Should().Equal(pod.Config.Labels);
        (await container.StatusAsync()).Annotations.Should().Equal(container.Config.Annotations);
        var filter = new ContainerFilter { LabelSelector = { ["label-9999"] = "value of 9999" } };
        (await Runtime.ListContainersAsync(new() { Filter = filter })).Containers.Should().ContainSingle().Which.Labels.Should().Equal(container.Config.Labels);
    }

    [NodeFact]
    public async Task A_message_over_the_limit_is_refused_and_the_connection_goes_on()
    {
        var config = Node.PodConfig();
        config.Annotations["large"] = new string('x', 17 << 20);

        var run = async () => await Runtime.RunPodSandboxAsync(new() { Config = config });

        (await run.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        (await Runtime.VersionAsync(new())).RuntimeName.Should().Be("orlop");
    }

    [NodeFact]
    public async Task The_same_container_asked_for_many_times_at_once_is_made_once()
    {
        await using var pod = await Node.RunPodAsync();
        var config = Config(pod, _ => { });

        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ => (await CreateAsync(pod, config)).ContainerId));

        ids.Distinct().Should().ContainSingle();
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().ContainSingle();
    }

    [NodeFact]
    public async Task Of_different_containers_of_one_name_at_once_one_is_made_and_the_others_are_refused_by_name()
    {
        await using var pod = await Node.RunPodAsync();
        var name = Config(pod, _ => { }).Metadata.Name;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return (await CreateAsync(pod, Config(pod, config => (config.Metadata.Name, config.LogPath, config.Labels["number"]) = (name, "", $"{i}")))).ContainerId;
            }
            catch (RpcException error)
            {
                error.StatusCode.Should().BeOneOf(StatusCode.AlreadyExists, StatusCode.Cancelled);
                error.Status.Detail.Should().Contain(name);
                return null;
            }
        }));

        var made = answers.Where(id => id is not null).Distinct().Should().ContainSingle().Which;
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().ContainSingle().Which.Id.Should().Be(made);
    }

    [NodeFact]
    public async Task Of_different_pods_of_one_name_at_once_one_is_made_and_nothing_of_the_others_is_left()
    {
        var config = Node.PodConfig();
        Orlop.Testing.Machines.CgroupTree.Create(config.Linux.CgroupParent);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                var own = config.Clone();
                own.Labels["number"] = $"{i}";
                return (await Runtime.RunPodSandboxAsync(new() { Config = own })).PodSandboxId;
            }
            catch (RpcException error)
            {
                error.StatusCode.Should().BeOneOf(StatusCode.AlreadyExists, StatusCode.Cancelled);
                error.Status.Detail.Should().Contain(config.Metadata.Name);
                return null;
            }
        }));

        var made = answers.Where(id => id is not null).Distinct().Should().ContainSingle().Which;
        var filter = new PodSandboxFilter { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } };
        (await Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items.Should().ContainSingle().Which.Id.Should().Be(made);
        await Runtime.StopPodSandboxAsync(new() { PodSandboxId = made });
        await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = made });
    }

    private AsyncUnaryCall<CreateContainerResponse> CreateAsync(Pod pod, ContainerConfig config) =>
        Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config });

    private ContainerConfig Config(Pod pod, Action<ContainerConfig> configure)
    {
        var config = pod.ContainerConfig("sleep 1000");
        configure(config);
        Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
        return config;
    }

    private async Task CreateFailsAsync(Action<ContainerConfig> configure, string named)
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", configure);

        var error = (await create.Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().Be(StatusCode.InvalidArgument, error.Status.Detail);
        error.Status.Detail.Should().Contain(named);
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().BeEmpty();
        (await pod.RunAsync("echo next")).Output.Should().Be("next\n");
    }

    private async Task StartFailsAsync(Action<ContainerConfig> configure, string reason)
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("true", configure);

        (await ((Func<Task>)container.StartAsync).ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain(reason);
        (await container.StatusAsync()).Reason.Should().Be("StartError");
    }

    private async Task<string> RunFailsAsync(Action<PodSandboxConfig> configure)
    {
        var config = Node.PodConfig();
        var good = config.Clone();
        configure(config);

        var run = async () => await Node.RunPodAsync(config);

        var error = (await run.Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().NotBe(StatusCode.Internal, error.Status.Detail);
        var filter = new PodSandboxFilter { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } };
        (await Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items.Should().BeEmpty();
        await using var pod = await Node.RunPodAsync(good);
        return error.Status.Detail;
    }
}
