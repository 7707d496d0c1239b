using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Host.Tests.Engine.Fakes;

/// <summary>A container whose process does what the test says.</summary>
internal sealed class FakeContainer(ContainerSpec spec, FakeBackend backend) : IFakeContainer
{
    private readonly TaskCompletionSource<ContainerExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => spec.Id;

    public ContainerSpec Spec => spec;

    public ContainerUser User { get; } = new(0, 0, [0]);

    public int? ProcessId => IsRunning ? 4711 : null;

    /// <summary>When it was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public bool IsRunning => StartedAt is not null && !_exit.Task.IsCompleted;

    public Task<ContainerExit> Exit => _exit.Task;

    public ConcurrentQueue<string> Signals { get; } = new();

    public bool Removed { get; private set; }

    public Resources? Updated { get; private set; }

    public bool IgnoresStopSignal { get; set; }

    public void End(int code, ExitReason reason) => _exit.TrySetResult(new ContainerExit(code, reason, "", backend.Clock.GetUtcNow()));

    public async Task<DateTimeOffset> StartAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await backend.BeforeStart(this, cancellationToken);
        if (StartedAt is not null || _exit.Task.IsCompleted) throw RuntimeException.FailedPrecondition($"container {Id} was started already");
        return (StartedAt = backend.Clock.GetUtcNow()).Value;
    }

    public Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        Signals.Enqueue(signal);
        if (!IgnoresStopSignal) End(143, ExitReason.Error);
        return Task.CompletedTask;
    }

    public Task KillAsync(CancellationToken cancellationToken)
    {
        Signals.Enqueue("SIGKILL");
        if (IsRunning) End(137, ExitReason.Error);
        return Task.CompletedTask;
    }

    public Task<ExecResult> ExecAsync(ExecSpec execSpec, CancellationToken cancellationToken) => Task.FromResult(new ExecResult(0, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty));

    public Task ReopenLogAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        Remove();
        return Task.CompletedTask;
    }

    public void Remove()
    {
        if (IsRunning) End(137, ExitReason.Error);
        Removed = true;
    }

    public Task UpdateResourcesAsync(Resources resources, CancellationToken cancellationToken)
    {
        if (resources.Memory?.Limit == 1) throw new RuntimeException(ErrorKind.FailedPrecondition, "memory in use is above 1 byte");
        Updated = resources;
        return Task.CompletedTask;
    }
}
