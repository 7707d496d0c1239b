using System.Net;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Tests.Engine.Fakes;

internal sealed class FakeNetwork : IPodNetwork
{
    public string Name => "fake";

    public NetworkStatus Status { get; set; } = NetworkStatus.IsReady;

    public List<string> Attached { get; } = [];

    public List<string> Detached { get; } = [];

    /// <summary>The sandboxes that are attached now.</summary>
    public HashSet<string> Attachments { get; } = new(StringComparer.Ordinal);

    /// <summary>What the last collection was told of life.</summary>
    public Func<string, bool>? IsLiving { get; private set; }

    public bool FailDetach { get; set; }

    public bool FailAttach { get; set; }

    public Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        if (FailAttach) throw new RuntimeException(ErrorKind.Unavailable, "the bridge is gone");
        Attached.Add(request.SandboxId);
        Attachments.Add(request.SandboxId);
        return Task.FromResult(new PodNetworkResult([IPAddress.Parse("10.88.0.2"), IPAddress.Parse("fd00::2")]));
    }

    public Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        if (FailDetach) throw new RuntimeException(ErrorKind.Unavailable, "the plugin hangs");
        Detached.Add(sandboxId);
        Attachments.Remove(sandboxId);
        return Task.CompletedTask;
    }

    public Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken)
    {
        IsLiving = isLiving;
        Attachments.RemoveWhere(id => !isLiving(id));
        return Task.CompletedTask;
    }

    public Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken) => Task.CompletedTask;
}
