using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Engine.Handlers;

/// <summary>Stands for a network plugin that is missing or broken: never ready, with the reason.</summary>
internal sealed class MissingNetwork(string name, string reason) : IPodNetwork
{
    public string Name => name;

    public NetworkStatus Status { get; } = new(false, "NetworkPluginNotReady", $"network plugin \"{name}\": {reason}");

    public Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken) => throw Error();

    public Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken) => throw Error();

    public Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken) => throw Error();

    public Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken) => throw Error();

    private RuntimeException Error() => RuntimeException.Unavailable($"{Status.Message}; see `orlop plugins`");
}
