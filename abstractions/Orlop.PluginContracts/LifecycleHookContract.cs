using System.Security.Cryptography;
using FluentAssertions;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Xunit;

namespace Orlop.PluginContracts;

/// <summary>What every lifecycle hook must do. Derive, and make one; where it needs more of a pod than a name, make the pods too.</summary>
public abstract class LifecycleHookContract
{
    /// <summary>A hook that lets the pods and containers of this test through.</summary>
    protected abstract Task<ILifecycleHook> CreateAsync();

    /// <summary>A pod to make.</summary>
    protected virtual SandboxSpec NewSandbox()
    {
        string id = NewId();
        return new SandboxSpec { Id = id, Name = $"pod-{id[..8]}", Namespace = "default", Uid = $"uid-{id[..8]}", Hostname = "pod" };
    }

    /// <summary>A container to make in it.</summary>
    protected virtual ContainerSpec NewContainer(SandboxSpec sandbox) => new()
    {
        Id = NewId(),
        SandboxId = sandbox.Id,
        Name = "main",
        Oci = new Spec { Process = new Process { Args = ["/bin/true"], Env = ["PATH=/bin"] }, Root = new Root { Path = "rootfs" }, Linux = new Linux() },
        Rootfs = [new RootfsMount("bind", "/nonexistent", [])],
        User = new UserRequest(),
    };

    /// <summary>A new id.</summary>
    protected static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    [Fact]
    public async Task It_has_a_name_that_fits_into_a_configuration() =>
        (await CreateAsync()).Name.Should().MatchRegex("^[a-z0-9][a-z0-9.-]{0,63}$");

    [Fact]
    public async Task A_pod_stays_the_pod_that_was_asked_for()
    {
        var hook = await CreateAsync();
        var asked = NewSandbox();

        var made = await hook.OnSandboxCreatingAsync(asked, CancellationToken.None);

        Identity(made).Should().Be(Identity(asked), "the host, the kubelet and the other hooks know it by these");
    }

    [Fact]
    public async Task A_container_stays_the_container_that_was_asked_for()
    {
        var hook = await CreateAsync();
        var sandbox = NewSandbox();
        var asked = NewContainer(sandbox);

        var made = await hook.OnContainerCreatingAsync(sandbox, asked, CancellationToken.None);

        Identity(made).Should().Be(Identity(asked), "the host, the kubelet and the other hooks know it by these");
        made.LogPath.Should().Be(asked.LogPath, "the kubelet reads the log there");
        made.Oci.Process.Should().NotBeNull();
    }

    [Fact]
    public async Task The_same_request_again_gives_the_same_pod_and_container()
    {
        var hook = await CreateAsync();
        var sandbox = NewSandbox();
        var container = NewContainer(sandbox);
        var pods = new List<SandboxSpec>();
        var containers = new List<ContainerSpec>();

        for (int i = 0; i < 2; i++)
        {
            pods.Add(await hook.OnSandboxCreatingAsync(sandbox, CancellationToken.None));
            containers.Add(await hook.OnContainerCreatingAsync(pods[i], container, CancellationToken.None));
        }

        pods[1].Should().BeEquivalentTo(pods[0], "the kubelet retries");
        containers[1].Should().BeEquivalentTo(containers[0], "the kubelet retries");
    }

    [Fact]
    public async Task Many_pods_at_once_are_no_matter()
    {
        var hook = await CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => LiveAsync(hook))));
    }

    [Fact]
    public async Task A_pod_that_it_has_not_seen_before_may_start_stop_and_end()
    {
        var hook = await CreateAsync();
        var sandbox = NewSandbox();
        var container = NewContainer(sandbox);

        await EndAsync(hook, sandbox, container);
        await EndAsync(hook, sandbox, container); // a host that crashed in between tells it again
    }

    private async Task LiveAsync(ILifecycleHook hook)
    {
        var sandbox = await hook.OnSandboxCreatingAsync(NewSandbox(), CancellationToken.None);
        var container = await hook.OnContainerCreatingAsync(sandbox, NewContainer(sandbox), CancellationToken.None);
        container.SandboxId.Should().Be(sandbox.Id);
        await EndAsync(hook, sandbox, container);
    }

    private static async Task EndAsync(ILifecycleHook hook, SandboxSpec sandbox, ContainerSpec container)
    {
        await hook.OnContainerStartedAsync(sandbox, container, CancellationToken.None);
        await hook.OnContainerStoppedAsync(sandbox, container, new ContainerExit(0, ExitReason.Completed, "", DateTimeOffset.UnixEpoch), CancellationToken.None);
        await hook.OnSandboxStoppingAsync(sandbox, CancellationToken.None);
    }

    private static (string, string, string, string, uint) Identity(SandboxSpec sandbox) => (sandbox.Id, sandbox.Name, sandbox.Namespace, sandbox.Uid, sandbox.Attempt);

    private static (string, string, string, uint) Identity(ContainerSpec container) => (container.Id, container.SandboxId, container.Name, container.Attempt);
}
