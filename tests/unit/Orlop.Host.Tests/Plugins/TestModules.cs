using Autofac;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;

namespace Orlop.Host.Tests.Plugins;

/// <summary>A pod network with a name and nothing else.</summary>
public class NamedNetwork(string name) : IPodNetwork
{
    public string Name { get; } = name;

    public NetworkStatus Status => throw new NotSupportedException();

    public Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>Gives the network <c>good</c>.</summary>
public sealed class GoodModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => builder.RegisterInstance(new NamedNetwork("good")).As<IPodNetwork>();
}

/// <summary>Gives a network that is named as the setting <c>name</c> says, and uses all that the host lends.</summary>
public sealed class BorrowingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => builder.RegisterType<BorrowingNetwork>().As<IPodNetwork>().As<IPluginService>().SingleInstance();
}

public sealed class BorrowingNetwork(PluginContext context, ILogger<BorrowingNetwork> logger, IRecordStore records, IEventBus events, TimeProvider clock)
    : NamedNetwork(context.Settings.String("name")), IPluginService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await records.CommitAsync(new RecordChanges().Put("started", BitConverter.GetBytes(clock.GetUtcNow().Year)), Durability.Process, cancellationToken);
        events.Publish(new RuntimeEvent(RuntimeEventKind.Created, context.Id, null, clock.GetUtcNow()));
        logger.LogInformation("hello from {Folder}", context.RootFolder);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("stopped");
        return Task.CompletedTask;
    }
}

public sealed class ThrowingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => throw new InvalidOperationException("libexample is missing");
}

public sealed class SkippingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => throw new SkipPluginException("the kernel has no erofs");
}

/// <summary>Hangs in Load until the test process ends.</summary>
public sealed class HangingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder)
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}

/// <summary>Its network's constructor throws: seen only when the plug point is resolved.</summary>
public sealed class BrokenConstructorModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => builder.Register<IPodNetwork>(_ => throw new InvalidOperationException("no /etc/cni/net.d")).SingleInstance();
}

public sealed class FailingServiceModule : PluginModule
{
    protected override void Load(ContainerBuilder builder)
    {
        builder.RegisterInstance(new NamedNetwork("withdrawn")).As<IPodNetwork>();
        builder.RegisterInstance(new FailingService()).As<IPluginService>();
    }

    private sealed class FailingService : IPluginService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the watch could not be set");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
