using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Xunit;

namespace Orlop.PluginContracts;

/// <summary>What every execution backend must do. Derive, and make one, and containers that behave in certain ways.</summary>
public abstract class ExecutionBackendContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A backend; called anew with <paramref name="restart"/> for the same folders and records, as after a restart of the host.</summary>
    protected abstract Task<IExecutionBackend> CreateAsync(bool restart = false);

    /// <summary>A container that runs until it is stopped, and ends on its stop signal.</summary>
    protected abstract ContainerSpec Sleeper(ISandbox sandbox);

    /// <summary>A container that writes a line and ends with an exit code.</summary>
    protected abstract ContainerSpec Writer(ISandbox sandbox, string line, int exitCode, string logPath);

    /// <summary>A container whose command does not exist.</summary>
    protected abstract ContainerSpec Impossible(ISandbox sandbox);

    /// <summary>A command that writes <paramref name="line"/> and ends with an exit code, for <see cref="IContainer.ExecAsync"/>.</summary>
    protected abstract IReadOnlyList<string> WriteCommand(string line, int exitCode);

    /// <summary>A command that runs for longer than a test.</summary>
    protected abstract IReadOnlyList<string> SleepCommand { get; }

    /// <summary>A folder for logs.</summary>
    protected abstract string LogFolder { get; }

    /// <summary>A new id.</summary>
    protected static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>A pod to make; the default one has a network namespace of its own, which nobody attaches.</summary>
    protected virtual SandboxSpec NewSandbox() => new() { Id = NewId(), Name = "pod", Namespace = "default", Uid = NewId()[..8], Hostname = "pod" };

    [Fact]
    public async Task A_container_runs_writes_its_log_and_ends()
    {
        await using var pod = await PodAsync();
        string log = Path.Join(LogFolder, NewId());

        var container = await pod.StartAsync(s => Writer(s, "hello", 3, log));
        var exit = await container.Exit.WaitAsync(Patience);

        exit.ExitCode.Should().Be(3);
        exit.Reason.Should().Be(ExitReason.Error);
        (await File.ReadAllTextAsync(log)).Should().MatchRegex("^\\S+Z stdout F hello\r?\n$");
    }

    [Fact]
    public async Task Exit_code_0_is_completed()
    {
        await using var pod = await PodAsync();

        var container = await pod.StartAsync(s => Writer(s, "bye", 0, Path.Join(LogFolder, NewId())));

        (await container.Exit.WaitAsync(Patience)).Reason.Should().Be(ExitReason.Completed);
    }

    [Fact]
    public async Task A_created_container_does_not_run_until_it_is_started()
    {
        await using var pod = await PodAsync();

        var container = await pod.Sandbox.CreateContainerAsync(Sleeper(pod.Sandbox), NoPhase.Instance, CancellationToken.None);

        container.ProcessId.Should().BeNull();
        container.Exit.IsCompleted.Should().BeFalse();
        await container.StartAsync(NoPhase.Instance, CancellationToken.None);
        container.ProcessId.Should().BePositive();
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_named_when_it_is_started()
    {
        await using var pod = await PodAsync();

        var start = () => pod.StartAsync(Impossible);

        await start.Should().ThrowAsync<RuntimeException>().WithMessage("*no-such-command*");
    }

    [Fact]
    public async Task Killing_ends_it_and_may_be_repeated()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);

        await container.KillAsync(CancellationToken.None);
        var exit = await container.Exit.WaitAsync(Patience);
        await container.KillAsync(CancellationToken.None);
        await container.SignalAsync("SIGTERM", CancellationToken.None);

        exit.ExitCode.Should().NotBe(0);
        container.ProcessId.Should().BeNull();
    }

    [Fact]
    public async Task A_command_in_a_container_answers()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);

        var result = await container.ExecAsync(new ExecSpec { Command = WriteCommand("inside", 5) }, CancellationToken.None);

        result.ExitCode.Should().Be(5);
        Encoding.UTF8.GetString(result.Stdout.Span).TrimEnd().Should().Be("inside");
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_gone()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);

        var exec = () => container.ExecAsync(new ExecSpec { Command = SleepCommand, Timeout = TimeSpan.FromSeconds(1) }, CancellationToken.None);

        (await exec.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
    }

    [Fact]
    public async Task A_command_needs_a_container_that_runs()
    {
        await using var pod = await PodAsync();
        var container = await pod.Sandbox.CreateContainerAsync(Sleeper(pod.Sandbox), NoPhase.Instance, CancellationToken.None);

        var exec = () => container.ExecAsync(new ExecSpec { Command = WriteCommand("x", 0) }, CancellationToken.None);

        (await exec.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [Fact]
    public async Task What_runs_is_measured()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);

        var usage = (await pod.Backend.MeasureAsync(CancellationToken.None)).Single(u => u.SandboxId == pod.Sandbox.Id);

        usage.Containers.Should().ContainKey(container.Id).WhoseValue.CpuNanoseconds.Should().NotBeNull();
    }

    [Fact]
    public async Task Containers_outlive_the_host_and_are_found_again()
    {
        await using var pod = await PodAsync();
        var spec = Sleeper(pod.Sandbox);
        await pod.StartAsync(_ => spec);

        var restarted = await CreateAsync(restart: true);
        var found = (await restarted.RecoverAsync([new SandboxRecord(pod.Spec, [spec])], CancellationToken.None)).Should().ContainSingle().Subject;

        found.LostReason.Should().BeNull();
        var container = found.Containers.Should().ContainSingle().Subject;
        container.StartedAt.Should().NotBeNull();
        container.Container.Exit.IsCompleted.Should().BeFalse();
        await container.Container.KillAsync(CancellationToken.None);
        await container.Container.Exit.WaitAsync(Patience);
        pod.Sandbox = found.Sandbox;
    }

    [Fact]
    public async Task A_pod_that_nobody_knows_of_any_more_comes_back_as_lost()
    {
        var spec = NewSandbox();
        var backend = await CreateAsync();

        var found = (await backend.RecoverAsync([new SandboxRecord(spec, [])], CancellationToken.None)).Should().ContainSingle().Subject;

        found.LostReason.Should().NotBeNullOrEmpty();
        await found.Sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task What_no_record_knows_is_released()
    {
        await using var pod = await PodAsync();
        var spec = Sleeper(pod.Sandbox);
        await pod.StartAsync(_ => spec);
        var restarted = await CreateAsync(restart: true);
        await restarted.RecoverAsync([], CancellationToken.None);

        await restarted.ReconcileAsync(_ => false, CancellationToken.None);

        var again = await CreateAsync(restart: true);
        var found = (await again.RecoverAsync([new SandboxRecord(pod.Spec, [spec])], CancellationToken.None)).Single();
        found.LostReason.Should().NotBeNull();
        found.Containers.Should().BeEmpty();
        pod.Sandbox = found.Sandbox;
    }

    [Fact]
    public async Task What_a_record_knows_is_left_alone()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);
        var created = await pod.Sandbox.CreateContainerAsync(Sleeper(pod.Sandbox), NoPhase.Instance, CancellationToken.None);

        await pod.Backend.ReconcileAsync(_ => true, CancellationToken.None);

        container.Exit.IsCompleted.Should().BeFalse();
        (await container.ExecAsync(new ExecSpec { Command = WriteCommand("inside", 0) }, CancellationToken.None)).ExitCode.Should().Be(0);
        await created.StartAsync(NoPhase.Instance, CancellationToken.None);
        created.ProcessId.Should().BePositive();
    }

    [Fact]
    public async Task A_container_that_no_record_knows_is_released_from_its_living_pod()
    {
        await using var pod = await PodAsync();
        var known = Sleeper(pod.Sandbox);
        var unknown = Sleeper(pod.Sandbox);
        await pod.StartAsync(_ => known);
        await pod.StartAsync(_ => unknown);
        var restarted = await CreateAsync(restart: true);
        pod.Sandbox = (await restarted.RecoverAsync([new SandboxRecord(pod.Spec, [known])], CancellationToken.None)).Single().Sandbox;

        await restarted.ReconcileAsync(id => id == pod.Spec.Id || id == known.Id, CancellationToken.None);

        var again = await CreateAsync(restart: true);
        var found = (await again.RecoverAsync([new SandboxRecord(pod.Spec, [known, unknown])], CancellationToken.None)).Single();
        found.Containers.Select(c => c.Container.Id).Should().Equal(known.Id);
        found.Containers[0].Container.Exit.IsCompleted.Should().BeFalse();
        pod.Sandbox = found.Sandbox;
    }

    [Fact]
    public async Task Stopping_and_removing_may_be_repeated()
    {
        await using var pod = await PodAsync();
        var container = await pod.StartAsync(Sleeper);

        await pod.Sandbox.StopAsync(NoPhase.Instance, CancellationToken.None);
        await pod.Sandbox.StopAsync(NoPhase.Instance, CancellationToken.None);
        await container.Exit.WaitAsync(Patience);
        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None);
        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None);
        await pod.Sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None);
        await pod.Sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None);

        (await pod.Backend.MeasureAsync(CancellationToken.None)).Should().NotContain(u => u.SandboxId == pod.Spec.Id);
    }

    private async Task<Pod> PodAsync()
    {
        var backend = await CreateAsync();
        var spec = NewSandbox();
        return new Pod(backend, spec, await backend.CreateSandboxAsync(spec, NoPhase.Instance, CancellationToken.None));
    }

    private sealed class Pod(IExecutionBackend backend, SandboxSpec spec, ISandbox sandbox) : IAsyncDisposable
    {
        public IExecutionBackend Backend => backend;

        public SandboxSpec Spec => spec;

        public ISandbox Sandbox { get; set; } = sandbox;

        public async Task<IContainer> StartAsync(Func<ISandbox, ContainerSpec> container)
        {
            var created = await Sandbox.CreateContainerAsync(container(Sandbox), NoPhase.Instance, CancellationToken.None);
            await created.StartAsync(NoPhase.Instance, CancellationToken.None);
            return created;
        }

        public async ValueTask DisposeAsync() => await Sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None);
    }
}
