using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine.Crashes;

/// <summary>One operation, and what it is to have brought about once it was asked for often enough.</summary>
/// <param name="Prepare">What is there before.</param>
/// <param name="ActAsync">Asks for it, as a kubelet does that may have asked before.</param>
/// <param name="Check">Whether it is so.</param>
internal sealed record Scenario(Func<CrashNode, Task> Prepare, Func<CrashNode, CancellationToken, Task> ActAsync, Action<CrashNode> Check)
{
    private static readonly ContainerResources Limits = new() { CpuShares = 512 };
    private static readonly SandboxResources PodLimits = new(Overhead: null, Containers: Limits);

    public static IReadOnlyDictionary<string, Scenario> All { get; } = new Dictionary<string, Scenario>
    {
        ["RunPodSandbox"] = new(_ => Task.CompletedTask, (node, token) => node.RunAsync(token), node => node.PodIs(SandboxState.Ready)),
        ["CreateContainer"] = new(node => node.RunAsync(), (node, token) => node.CreateAsync("app", token), node => node.ContainerIs("app", ContainerState.Created)),
        ["StartContainer"] = new(CreatedAsync, (node, token) => node.StartAsync("app", token), Started),
        ["StopContainer, which obeys"] = new(StartedAsync, (node, token) => node.StopAsync("app", TimeSpan.FromSeconds(10), token), node => node.ContainerIs("app", ContainerState.Exited)),
        ["StopContainer, which is killed"] = new(StartedAsync, (node, token) => node.StopAsync("app", TimeSpan.Zero, token), node => node.ContainerIs("app", ContainerState.Exited)),
        ["RemoveContainer, which runs"] = new(StartedAsync, (node, token) => node.RemoveContainerAsync("app", token), node => node.Snapshot.Containers.Should().BeEmpty()),
        ["RemoveContainer, which never ran"] = new(CreatedAsync, (node, token) => node.RemoveContainerAsync("app", token), node => node.Snapshot.Containers.Should().BeEmpty()),
        ["UpdateContainerResources"] = new(
            StartedAsync,
            (node, token) => node.Engine.Runtime.UpdateResourcesAsync(node.Containers["app"], Limits, token),
            node =>
            {
                node.Real("app").Updated!.Cpu!.Shares.Should().Be(512);
                node.Snapshot.Containers[node.Containers["app"]].Resources.CpuShares.Should().Be(512);
            }),
        ["UpdatePodSandboxResources"] = new(
            node => node.RunAsync(),
            (node, token) => node.Engine.Runtime.UpdateSandboxResourcesAsync(node.Pod, PodLimits, token),
            node => node.Snapshot.Sandboxes[node.Pod].Resources.Containers.Should().Be(Limits)),
        ["StopPodSandbox"] = new(FullAsync, (node, token) => node.Engine.Runtime.StopSandboxAsync(node.Pod, token), Stopped),
        ["RemovePodSandbox"] = new(FullAsync, (node, token) => node.RemovePodAsync(token), node => node.Snapshot.Sandboxes.Should().BeEmpty()),
        ["a container ends"] = new(StartedAsync, (node, _) => node.EndAsync("app", 7), node => node.ContainerIs("app", ContainerState.Exited)),
    };

    /// <summary>What may have happened while no daemon was there.</summary>
    public static IReadOnlyDictionary<string, Action<CrashNode>> Meanwhile { get; } = new Dictionary<string, Action<CrashNode>>
    {
        ["nothing"] = _ => { },
        ["a container ended"] = node => node.Real("app").End(3, ExitReason.Error),
        ["the pod was lost"] = node =>
        {
            node.Real("app").End(255, ExitReason.Lost);
            node.World.Backend.Sandboxes[node.Pod].Lose("its supervisor was killed");
        },
        ["the node was started anew"] = node =>
        {
            node.Real("app").End(255, ExitReason.Lost);
            node.World.Backend.Sandboxes[node.Pod].Remove();
        },
    };

    /// <summary>A pod with a container in each state.</summary>
    public static async Task FullAsync(CrashNode node)
    {
        await StartedAsync(node);
        await node.CreateAsync("created");
        await node.CreateAsync("ended");
        await node.StartAsync("ended");
        await node.EndAsync("ended", 5);
    }

    private static async Task CreatedAsync(CrashNode node)
    {
        await node.RunAsync();
        await node.CreateAsync("app");
    }

    private static async Task StartedAsync(CrashNode node)
    {
        await CreatedAsync(node);
        await node.StartAsync("app");
    }

    private static void Started(CrashNode node)
    {
        if (node.HasFailed) node.ContainerIs("app", ContainerState.Running, ContainerState.Exited);
        else node.ContainerIs("app", ContainerState.Running);
    }

    private static void Stopped(CrashNode node)
    {
        node.PodIs(SandboxState.NotReady);
        node.Snapshot.Sandboxes[node.Pod].Attached.Should().BeFalse();
        node.World.Backend.Sandboxes[node.Pod].Stopped.Should().BeTrue();
        node.ContainerIs("app", ContainerState.Exited);
    }
}
