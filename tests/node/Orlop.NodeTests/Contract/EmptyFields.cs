using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Orlop.NodeTests.Contract;

/// <summary>Requests that lack a part: they work or are refused, and nothing breaks; point 43 of the contract with the kubelet.</summary>
public sealed class EmptyFields(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 43.
    [NodeFact]
    public async Task A_pod_that_lacks_any_one_part_runs_or_is_refused()
    {
        var config = Node.PodConfig();
        config.DnsConfig = new DNSConfig { Servers = { "10.96.0.10" } };
        config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 18081 });
        config.Annotations["a"] = "b";
        config.Linux.Resources = new LinuxContainerResources { CpuShares = 100 };
        config.Linux.Overhead = new LinuxContainerResources { MemoryLimitInBytes = 1 << 20 };
        config.Linux.Sysctls["net.ipv4.ip_forward"] = "1";
        config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
        config.Linux.SecurityContext.Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault };

        var outcomes = new List<StatusCode>();
        foreach (var request in WithoutEach(new RunPodSandboxRequest { Config = config }))
        {
            outcomes.Add(await OutcomeAsync(request, async () =>
            {
                var id = (await Runtime.RunPodSandboxAsync(request)).PodSandboxId;
                await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = id });
            }));
        }

        outcomes.Distinct().Should().BeSubsetOf([StatusCode.OK, StatusCode.InvalidArgument]).And.HaveCount(2);
        (await Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
    }

    // Point 43.
    [NodeFact]
    public async Task A_container_that_lacks_any_one_part_starts_or_is_refused()
    {
        await using var pod = await Node.RunPodAsync();
        var config = pod.ContainerConfig("true");
        await Node.PullAsync(config.Image.Image);
        Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
        config.Args.Add("argument");
        config.Envs.Add(new KeyValue { Key = "A", Value = ByteString.CopyFromUtf8("b") });
        config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/shared" });
        config.Devices.Add(new Device { HostPath = "/dev/null", ContainerPath = "/dev/mine", Permissions = "rw" });
        config.Linux.Resources = new LinuxContainerResources { CpuShares = 100, MemoryLimitInBytes = 64 << 20, HugepageLimits = { new HugepageLimit { PageSize = "2MB" } } };
        config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
        config.Linux.SecurityContext.RunAsGroup = new Int64Value { Value = 1000 };
        config.Linux.SecurityContext.Apparmor = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined };

        var outcomes = new List<StatusCode>();
        foreach (var request in WithoutEach(new CreateContainerRequest { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config }))
        {
            outcomes.Add(await OutcomeAsync(request, async () =>
            {
                var id = (await Runtime.CreateContainerAsync(request)).ContainerId;
                try
                {
                    await Runtime.StartContainerAsync(new() { ContainerId = id });
                }
                finally
                {
                    await Runtime.RemoveContainerAsync(new() { ContainerId = id });
                }
            }));
        }

        outcomes.Distinct().Should().BeSubsetOf([StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound]).And.Contain([StatusCode.OK, StatusCode.InvalidArgument]);
        (await Runtime.ListContainersAsync(new())).Containers.Should().BeEmpty();
    }

    // Point 43.
    [NodeFact]
    public async Task Empty_requests_are_answered()
    {
        await OutcomeAsync(new StatusRequest(), async () => await Runtime.StatusAsync(new()));
        await OutcomeAsync(new VersionRequest(), async () => await Runtime.VersionAsync(new()));
        await OutcomeAsync(new UpdateRuntimeConfigRequest(), async () => await Runtime.UpdateRuntimeConfigAsync(new()));
        await OutcomeAsync(new RuntimeConfigRequest(), async () => await Runtime.RuntimeConfigAsync(new()));
        await OutcomeAsync(new ListPodSandboxRequest(), async () => await Runtime.ListPodSandboxAsync(new() { Filter = new() { State = new() } }));
        await OutcomeAsync(new ListContainersRequest(), async () => await Runtime.ListContainersAsync(new() { Filter = new() { State = new() } }));
        await OutcomeAsync(new ListContainerStatsRequest(), async () => await Runtime.ListContainerStatsAsync(new() { Filter = new() }));
        await OutcomeAsync(new UpdateContainerResourcesRequest(), async () => await Runtime.UpdateContainerResourcesAsync(new()));
        await OutcomeAsync(new UpdatePodSandboxResourcesRequest(), async () => await Runtime.UpdatePodSandboxResourcesAsync(new()));
        await OutcomeAsync(new ImageStatusRequest(), async () => await Node.Cri.Images.ImageStatusAsync(new()));
        await OutcomeAsync(new PullImageRequest(), async () => await Node.Cri.Images.PullImageAsync(new()));
        await OutcomeAsync(new PullImageRequest(), async () => await Node.Cri.Images.PullImageAsync(new() { Image = new(), Auth = new(), SandboxConfig = new() }));
        await OutcomeAsync(new RemoveImageRequest(), async () => await Node.Cri.Images.RemoveImageAsync(new()));
        await OutcomeAsync(new ListImagesRequest(), async () => await Node.Cri.Images.ListImagesAsync(new() { Filter = new() { Image = new() } }));
        await OutcomeAsync(new ImageFsInfoRequest(), async () => await Node.Cri.Images.ImageFsInfoAsync(new()));
    }

    /// <summary>The answer's code; the two that mean a fault of ours fail the test with the request.</summary>
    private static async Task<StatusCode> OutcomeAsync(IMessage request, Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            exception.StatusCode.Should().NotBe(StatusCode.Internal, "of {0}: {1}", request, exception.Status.Detail).And.NotBe(StatusCode.Unknown, "of {0}: {1}", request, exception.Status.Detail);
            return exception.StatusCode;
        }
    }

    /// <summary>The request without one of its parts, for each part at any depth.</summary>
    private static IEnumerable<T> WithoutEach<T>(T request)
        where T : IMessage<T>
    {
        foreach (var path in Parts(request, []))
        {
            var copy = request.Clone();
            IMessage holder = copy;
            foreach (var field in path[..^1])
            {
                holder = (IMessage)field.Accessor.GetValue(holder);
            }

            path[^1].Accessor.Clear(holder);
            yield return copy;
        }
    }

    private static IEnumerable<FieldDescriptor[]> Parts(IMessage message, FieldDescriptor[] above)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (value is null or "" or 0L or 0u or false or System.Collections.ICollection { Count: 0 })
            {
                continue;
            }

            FieldDescriptor[] path = [.. above, field];
            yield return path;
            if (value is IMessage part)
            {
                foreach (var below in Parts(part, path))
                {
                    yield return below;
                }
            }
        }
    }
}
