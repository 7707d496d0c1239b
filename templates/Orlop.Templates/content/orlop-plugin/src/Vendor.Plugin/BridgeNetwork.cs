using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;

namespace Vendor.Plugin;

/// <summary>A pod network: a bridge on the node, a veth pair and an address for each pod. Pods reach each other and the node.</summary>
internal sealed class BridgeNetwork(PluginContext context, Leases leases, Links links) : IPodNetwork, IPluginService
{
    private readonly string _bridge = context.Settings.String("bridge");
    private volatile NetworkStatus _status = new(false, "NetworkPluginNotReady", "the bridge is not made yet");

    public string Name => "plugin-id";

    public NetworkStatus Status => _status;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await links.EnsureBridgeAsync(_bridge, leases.Gateway, leases.Range.PrefixLength, cancellationToken);
            _status = NetworkStatus.IsReady;
        }
        catch (RuntimeException e)
        {
            // A node without a network still serves: the operator sees why in its status.
            _status = new NetworkStatus(false, "NetworkPluginNotReady", $"the bridge {_bridge} cannot be made: {e.Message}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask; // pods go on running, and so does their bridge

    public async Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        if (!_status.Ready)
            throw RuntimeException.Unavailable($"pod {request.PodNamespace}/{request.PodName} cannot be attached: {_status.Message}");
        if (request.PortMappings.Any(port => port.HostPort > 0))
            throw RuntimeException.InvalidArgument($"pod {request.PodNamespace}/{request.PodName} asks for a port of the node, which the network {Name} cannot give");

        // The lease is on record before anything is made: whatever happens next, a detach knows of it.
        var address = await leases.TakeAsync(request.SandboxId, cancellationToken);
        using var link = phase.Begin($"link {Links.NameFor(request.SandboxId)}");
        await links.ConnectAsync(request.SandboxId, request.NetworkNamespace, _bridge, address, leases, cancellationToken);
        return new PodNetworkResult([address]);
    }

    public async Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        await links.DisconnectAsync(sandboxId, cancellationToken);
        await leases.ReleaseAsync(sandboxId, cancellationToken);
    }

    public async Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        if (!(await leases.AllAsync(cancellationToken)).ContainsKey(sandboxId) || !await links.IsConnectedAsync(sandboxId, cancellationToken))
            throw RuntimeException.FailedPrecondition($"sandbox {sandboxId} is not attached to the network {Name} any more");
    }

    public async Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken)
    {
        foreach (string sandboxId in (await leases.AllAsync(cancellationToken)).Keys.Where(id => !isLiving(id)))
            await DetachAsync(sandboxId, networkNamespace: null, phase, cancellationToken);
    }

    public Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken) => Task.CompletedTask; // the range is a setting
}
