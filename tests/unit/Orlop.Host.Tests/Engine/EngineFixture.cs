using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Events;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Logs;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;
using Orlop.Host.Engine.Pulls;
using Orlop.Host.Engine.Specs;
using Orlop.Host.Engine.State;
using Orlop.Host.Plugins;
using Orlop.Host.Tests.Engine.Fakes;
using Orlop.Host.Tests.Support;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

/// <summary>An engine over fakes and a clock that stands still until the test moves it.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    public EngineFixture(MemoryRecordStore? records = null, RequiredPlugins? required = null, params IReadOnlyList<ILifecycleHook> hooks)
    {
        Records = records ?? new MemoryRecordStore();
        Backend = new FakeBackend(Clock);
        var handlers = new HandlerTable(
            "default", [new Handler("default", Backend, Snapshotter)], new Dictionary<string, string> { ["broken"] = "its plugin is broken" },
            new Dictionary<string, string> { ["default"] = "fake", ["broken"] = "fake" }, [Backend], [Snapshotter]);
        var parts = new EngineParts(
            new StateBook(Records, NullLogger<StateBook>.Instance), handlers, Network, Images, new HookChain(hooks, Clock, NullLogger.Instance), [], required ?? RequiredPlugins.Satisfied, new LinuxSpecBuilder(new SeccompProfiles()),
            new EventBus(), new TraceLog(), Clock, new CreationClock(Clock), Logs.CreateLogger("Orlop.Engine"));
        var operations = new OperationTable(Clock, NullLogger<OperationTable>.Instance);
        Pulls = new ImagePulls(parts, operations);
        var logs = new LogTee([], parts.Events, parts.Book, Clock, NullLogger.Instance);
        Runtime = new Runtime(parts, operations, logs);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryRecordStore Records { get; }

    /// <summary>What the operations on pods log.</summary>
    public RecordingLogs Logs { get; } = new();

    public FakeBackend Backend { get; }

    public FakeNetwork Network { get; } = new();

    public FakeImages Images { get; } = new();

    public FakeSnapshotter Snapshotter { get; } = new();

    public Runtime Runtime { get; }

    public ImagePulls Pulls { get; }

    /// <summary>The engine of another process over the same records, which finds of each pod what <paramref name="find"/> gives.</summary>
    public static async Task<EngineFixture> RecoverAsync(MemoryRecordStore records, Func<FakeBackend, SandboxRecord, RecoveredSandbox> find, RequiredPlugins? required = null)
    {
        var engine = new EngineFixture(records, required);
        engine.Backend.Recover = all => [.. all.Select(record => find(engine.Backend, record))];
        await engine.Runtime.Parts.Book.LoadAsync(CancellationToken.None);
        await new Recovery(engine.Runtime, engine.Clock).RunAsync(CancellationToken.None);
        return engine;
    }

    public static SandboxRequest Pod(string name = "web", uint attempt = 0) => new()
    {
        Spec = new SandboxSpec { Id = "", Name = name, Namespace = "default", Uid = "u1", Attempt = attempt },
    };

    public static ContainerRequest Container(string name = "app") => new() { Name = name, Image = "app" };

    public Task<string> RunAsync(SandboxRequest? request = null) => Runtime.RunSandboxAsync(request ?? Pod(), CancellationToken.None);

    public Task<string> CreateAsync(string sandbox, ContainerRequest? request = null) => Runtime.CreateContainerAsync(sandbox, request ?? Container(), CancellationToken.None);

    public async Task<FakeContainer> StartAsync(string sandbox, ContainerRequest? request = null)
    {
        string id = await CreateAsync(sandbox, request);
        await Runtime.StartContainerAsync(id, CancellationToken.None);
        return Backend.Containers[id];
    }

    /// <summary>Waits until the state has come to be so; it follows its cause at once, on another thread.</summary>
    public async Task<ContainerEntry> UntilAsync(string container, Func<ContainerEntry, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            if (Runtime.Snapshot.Containers.TryGetValue(container, out var entry) && condition(entry)) return entry;
            await Task.Delay(1, patience.Token);
        }
    }

    /// <inheritdoc cref="UntilAsync"/>
    public async Task UntilSandboxAsync(string sandbox, Func<SandboxEntry, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition(Runtime.Snapshot.Sandboxes[sandbox])) await Task.Delay(1, patience.Token);
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
