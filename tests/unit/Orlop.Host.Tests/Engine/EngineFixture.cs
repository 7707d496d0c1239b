using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Records;
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
using Orlop.Host.Tests.Engine.Crashes;
using Orlop.Host.Tests.Engine.Fakes;
using Orlop.Host.Tests.Support;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

/// <summary>An engine over fakes and a clock that stands still until the test moves it.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private static readonly LinuxSpecBuilder Specs = new(new SeccompProfiles());

    public EngineFixture(MemoryRecordStore? records = null, RequiredPlugins? required = null, FakeWorld? world = null, Steps? steps = null, params IReadOnlyList<ILifecycleHook> hooks)
    {
        Records = records ?? new MemoryRecordStore();
        World = world ?? new FakeWorld();
        IExecutionBackend backend = Stepped<IExecutionBackend>(Backend);
        ISnapshotter snapshotter = Stepped<ISnapshotter>(Snapshotter);
        var handlers = new HandlerTable(
            "default", [new Handler("default", backend, snapshotter)], new Dictionary<string, string> { ["broken"] = "its plugin is broken" },
            new Dictionary<string, string> { ["default"] = "fake", ["broken"] = "fake" }, [backend], [snapshotter]);
        var parts = new EngineParts(
            new StateBook(Stepped<IRecordStore>(Records), NullLogger<StateBook>.Instance), handlers, Stepped<IPodNetwork>(Network), Stepped<IImageSource>(Images),
            new HookChain([.. hooks.Select(Stepped)], Clock, NullLogger.Instance), [], required ?? RequiredPlugins.Satisfied, Specs,
            new EventBus(), new TraceLog(), Clock, new CreationClock(Clock), Logs.CreateLogger("Orlop.Engine"));
        var operations = new OperationTable(Clock, NullLogger<OperationTable>.Instance);
        Pulls = new ImagePulls(parts, operations);
        var logs = new LogTee([], parts.Events, parts.Book, Clock, NullLogger.Instance);
        Runtime = new Runtime(parts, operations, logs);

        T Stepped<T>(T part)
            where T : class => steps is null ? part : SteppedPart.Of(part, steps);
    }

    public FakeWorld World { get; }

    public FakeTimeProvider Clock => World.Clock;

    public MemoryRecordStore Records { get; }

    /// <summary>What the operations on pods log.</summary>
    public RecordingLogs Logs { get; } = new();

    public FakeBackend Backend => World.Backend;

    public FakeNetwork Network => World.Network;

    public FakeImages Images => World.Images;

    public FakeSnapshotter Snapshotter => World.Snapshotter;

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
