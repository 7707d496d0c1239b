using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine;

public sealed class ContainerLifeTests
{
    [Fact]
    public async Task A_container_goes_from_created_to_running_to_exited()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        string id = await engine.CreateAsync(pod);
        engine.Runtime.Snapshot.Containers[id].State.Should().Be(ContainerState.Created);

        await engine.Runtime.StartContainerAsync(id, CancellationToken.None);
        engine.Runtime.Snapshot.Containers[id].State.Should().Be(ContainerState.Running);
        engine.Backend.Containers[id].End(0, ExitReason.Completed);

        var entry = await engine.UntilAsync(id, e => e.State == ContainerState.Exited);
        entry.Exit!.ExitCode.Should().Be(0);
        engine.Backend.Containers[id].Spec.Oci.Process!.Args.Should().Equal("/app", "serve");
    }

    [Fact]
    public async Task A_container_does_not_end_before_it_started_when_the_clock_is_set_back()
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync());

        engine.Clock.AdjustTime(engine.Clock.GetUtcNow().AddHours(-1));
        container.End(0, ExitReason.Completed);

        var entry = await engine.UntilAsync(container.Id, e => e.State == ContainerState.Exited);
        entry.Exit!.At.Should().Be(entry.StartedAt!.Value);
    }

    [Fact]
    public async Task A_start_that_fails_counts_as_an_exit_with_128()
    {
        await using var engine = new EngineFixture();
        string id = await engine.CreateAsync(await engine.RunAsync());
        engine.Backend.BeforeStart = (_, _) => throw RuntimeException.InvalidArgument("execve \"/app\": ENOENT");

        await engine.Awaiting(e => e.Runtime.StartContainerAsync(id, CancellationToken.None)).Should().ThrowAsync<RuntimeException>();

        var entry = engine.Runtime.Snapshot.Containers[id];
        entry.State.Should().Be(ContainerState.Exited);
        entry.Exit.Should().BeEquivalentTo(new { ExitCode = 128, Reason = ExitReason.StartFailed, Message = "execve \"/app\": ENOENT" });
    }

    [Fact]
    public async Task Stopping_sends_the_images_signal_and_waits()
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync());

        await engine.Runtime.StopContainerAsync(container.Id, TimeSpan.FromSeconds(30), CancellationToken.None);

        container.Signals.First().Should().Be("SIGQUIT");
        engine.Runtime.Snapshot.Containers[container.Id].State.Should().Be(ContainerState.Exited);
    }

    [Fact]
    public async Task A_second_stop_with_a_shorter_timeout_takes_effect() // kubelet-contract, point 21
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync());
        container.IgnoresStopSignal = true;

        var patient = engine.Runtime.StopContainerAsync(container.Id, TimeSpan.FromMinutes(5), CancellationToken.None);
        await engine.UntilAsync(container.Id, _ => container.Signals.Contains("SIGQUIT"));
        await engine.Runtime.StopContainerAsync(container.Id, TimeSpan.Zero, CancellationToken.None);
        await patient.WaitAsync(TimeSpan.FromSeconds(10));

        container.Signals.Should().Contain("SIGKILL").And.ContainSingle(s => s == "SIGQUIT");
    }

    [Fact]
    public async Task Stop_and_remove_of_what_does_not_exist_succeed() // kubelet-contract, point 1
    {
        await using var engine = new EngineFixture();

        await engine.Runtime.StopContainerAsync("nosuch", TimeSpan.Zero, CancellationToken.None);
        await engine.Runtime.RemoveContainerAsync("", CancellationToken.None);
        await engine.Runtime.StopSandboxAsync("nosuch", CancellationToken.None);
        await engine.Runtime.RemoveSandboxAsync("", CancellationToken.None);

        engine.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_start_of_what_does_not_exist_is_not_found() // kubelet-contract, point 2
    {
        await using var engine = new EngineFixture();

        var error = await engine.Awaiting(e => e.Runtime.StartContainerAsync("nosuch", CancellationToken.None)).Should().ThrowAsync<RuntimeException>();

        error.Which.Kind.Should().Be(ErrorKind.NotFound);
    }

    [Fact]
    public async Task No_container_is_made_in_a_stopped_pod() // R28
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        await engine.Runtime.StopSandboxAsync(pod, CancellationToken.None);

        var error = await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<RuntimeException>();

        error.Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [Fact]
    public async Task A_create_that_fails_leaves_no_snapshot_and_no_record()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        engine.Backend.BeforeCreateContainer = (_, _) => throw RuntimeException.InvalidArgument("no such device");

        await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<RuntimeException>();

        engine.Snapshotter.Keys.Should().BeEmpty();
        engine.Runtime.Snapshot.Containers.Should().BeEmpty();
        engine.Records.Keys.Should().OnlyContain(k => k.StartsWith("sandbox/"));
    }

    [Fact]
    public async Task An_image_volume_has_a_snapshot_that_goes_with_its_container()
    {
        await using var engine = new EngineFixture();
        var request = EngineFixture.Container() with
        {
            Mounts = [new MountRequest { ContainerPath = "/host", HostPath = "/" }, new MountRequest { ContainerPath = "/volume", Image = "app", ImageSubPath = "part", ReadOnly = true }],
        };
        string id = await engine.CreateAsync(await engine.RunAsync(), request);

        engine.Snapshotter.Keys.Should().BeEquivalentTo(id, $"{id}-volume-1");
        engine.Backend.Containers[id].Spec.ImageVolumes.Should().ContainSingle().Which.Should().Match<ImageVolume>(v => v.Destination == "/volume" && v.SubPath == "part");
        engine.Backend.Containers[id].Spec.Oci.Mounts!.Select(m => m.Destination).Should().Contain("/host").And.NotContain("/volume");
        await engine.Runtime.RemoveContainerAsync(id, CancellationToken.None);

        engine.Snapshotter.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Removing_a_pod_removes_its_containers_and_everything_of_theirs()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        var container = await engine.StartAsync(pod);

        await engine.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);

        container.Removed.Should().BeTrue();
        engine.Backend.Sandboxes[pod].Removed.Should().BeTrue();
        engine.Network.Detached.Should().Equal(pod);
        engine.Snapshotter.Keys.Should().BeEmpty();
        engine.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task An_update_shows_in_the_state_only_when_it_worked()
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync());

        await engine.Runtime.UpdateResourcesAsync(container.Id, new ContainerResources { CpuShares = 512 }, CancellationToken.None);
        await engine.Awaiting(e => e.Runtime.UpdateResourcesAsync(container.Id, new ContainerResources { MemoryLimit = 1 }, CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>();

        engine.Runtime.Snapshot.Containers[container.Id].Resources.Should().BeEquivalentTo(new { CpuShares = 512L, MemoryLimit = 0L });
        container.Updated!.Cpu!.Shares.Should().Be(512);
    }

    [Fact]
    public async Task An_id_may_be_shortened_while_it_is_unambiguous() // kubelet-contract, point 3
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        for (uint attempt = 1; attempt < 17; attempt++) await engine.RunAsync(EngineFixture.Pod(attempt: attempt));
        var snapshot = engine.Runtime.Snapshot;
        string shared = snapshot.Sandboxes.Keys.GroupBy(id => id[..1]).First(g => g.Count() > 1).Key;

        snapshot.FindSandbox(pod[..12])!.Id.Should().Be(pod);
        snapshot.FindSandbox("").Should().BeNull();
        snapshot.FindSandbox(new string('0', 64)).Should().BeNull();
        snapshot.Invoking(s => s.FindSandbox(shared)).Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Fact]
    public async Task A_lost_sandbox_is_not_ready()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();

        engine.Backend.Sandboxes[pod].Lose("its supervisor was killed");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (engine.Runtime.Snapshot.Sandboxes[pod].State == SandboxState.Ready) await Task.Delay(1, patience.Token);
    }
}
