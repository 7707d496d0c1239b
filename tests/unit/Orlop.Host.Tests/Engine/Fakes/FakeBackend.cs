using System.Collections.Concurrent;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Tests.Engine.Fakes;

/// <summary>A backend in memory, with places where a test can hold or break it.</summary>
internal sealed class FakeBackend(TimeProvider clock) : IExecutionBackend
{
    public string Name => "fake";

    public TimeProvider Clock => clock;

    public BackendFeatures Features { get; } = new();

    public ConcurrentDictionary<string, FakeSandbox> Sandboxes { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, FakeContainer> Containers { get; } = new(StringComparer.Ordinal);

    public Func<SandboxSpec, IPhase, CancellationToken, Task> BeforeCreateSandbox { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<ContainerSpec, CancellationToken, Task> BeforeCreateContainer { get; set; } = (_, _) => Task.CompletedTask;

    public Func<FakeContainer, CancellationToken, Task> BeforeStart { get; set; } = (_, _) => Task.CompletedTask;

    public Func<Task> BeforeRemoveSandbox { get; set; } = () => Task.CompletedTask;

    public bool FailRemove { get; set; }

    /// <summary>What a recovery finds; null finds what is here.</summary>
    public Func<IReadOnlyList<SandboxRecord>, IReadOnlyList<RecoveredSandbox>>? Recover { get; set; }

    /// <summary>A pod that lives, with its containers as they have become meanwhile.</summary>
    public RecoveredSandbox Alive(SandboxRecord record, Action<FakeContainer>? meanwhile = null) => new()
    {
        Id = record.Spec.Id,
        Sandbox = new FakeSandbox(record.Spec, this),
        Containers = [.. record.Containers.Select(spec =>
        {
            var container = new FakeContainer(spec, this) { StartedAt = clock.GetUtcNow() };
            meanwhile?.Invoke(container);
            return new RecoveredContainer(container, clock.GetUtcNow());
        })],
    };

    /// <summary>A pod of which nothing lives.</summary>
    public RecoveredSandbox Gone(SandboxRecord record, string reason) => new() { Id = record.Spec.Id, Sandbox = new FakeSandbox(record.Spec, this), LostReason = reason };

    public async Task<ISandbox> CreateSandboxAsync(SandboxSpec spec, IPhase phase, CancellationToken cancellationToken)
    {
        await BeforeCreateSandbox(spec, phase, cancellationToken);
        return Sandboxes[spec.Id] = new FakeSandbox(spec, this);
    }

    public Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken) =>
        Task.FromResult(Recover?.Invoke(records) ?? [.. records.Select(Find)]);

    /// <summary>What a reconciliation does instead of releasing what is not known.</summary>
    public Func<Func<string, bool>, Task>? Reconcile { get; set; }

    public async Task ReconcileAsync(Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        if (Reconcile is { } other)
        {
            await other(isKnown);
            return;
        }

        foreach (var sandbox in Sandboxes.Values.Where(s => !s.Removed && !isKnown(s.Id))) sandbox.Remove();
        foreach (var container in Containers.Values.Where(c => !c.Removed && !isKnown(c.Id))) container.Remove();
    }

    public Func<Task<IReadOnlyList<SandboxUsage>>> Measure { get; set; } = () => Task.FromResult<IReadOnlyList<SandboxUsage>>([]);

    public Task<IReadOnlyList<SandboxUsage>> MeasureAsync(CancellationToken cancellationToken) => Measure();

    private RecoveredSandbox Find(SandboxRecord record) => !Sandboxes.TryGetValue(record.Spec.Id, out var sandbox) || sandbox.Removed
        ? Gone(record, "nothing of it is left")
        : new RecoveredSandbox
        {
            Id = sandbox.Id,
            Sandbox = sandbox,
            LostReason = sandbox.LostReason,
            Containers = [.. record.Containers
                .Select(spec => Containers.GetValueOrDefault(spec.Id))
                .OfType<FakeContainer>().Where(c => !c.Removed)
                .Select(c => new RecoveredContainer(c, c.StartedAt))],
        };
}
