using System.Net;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;
using Orlop.Cni.Attachments;
using Orlop.Cni.Configuration;
using Orlop.Cni.Execution;
using Orlop.Cni.Namespaces;
using Orlop.Cni.Requests;
using Orlop.Cni.Results;
using Orlop.Cni.Status;

namespace Orlop.Cni;

/// <summary>Attaches pods by the Container Network Interface, specification 0.1.0 to 1.1.0.</summary>
internal sealed class CniNetwork(
    NetworkMonitor monitor,
    PluginVersions versions,
    INetworkNamespaces namespaces,
    AttachmentStore store,
    AttachmentChain chain,
    AttachmentRelease release,
    DebtCollector debts,
    GarbageCollector garbage,
    OperationGate gate,
    PodCidrs podCidrs,
    ILogger<CniNetwork> log) : IPodNetwork, IPluginService, IDisposable
{
    /// <summary>The kubelet and every add-on expect the pod's interface under this name.</summary>
    private const string InterfaceName = "eth0";

    private readonly CancellationTokenSource _stop = new();
    private Task _loops = Task.CompletedTask; // owned here: started by StartAsync, awaited by StopAsync

    public string Name => "cni";

    public NetworkStatus Status => monitor.Status;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await podCidrs.LoadAsync(cancellationToken);
        await debts.RecoverAsync(cancellationToken);
        await monitor.StartAsync(cancellationToken);
        _loops = Task.WhenAll(monitor.RunAsync(_stop.Token), debts.RunAsync(_stop.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        try
        {
            await _loops.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // How the loops end.
        }
    }

    public void Dispose() => _stop.Dispose();

    public async Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        NetworkConfiguration network = monitor.Network ?? throw RuntimeException.Unavailable($"{Subject(request)} cannot be attached. {Status.Message}");
        if (!CniNames.IsValid(request.SandboxId))
        {
            throw RuntimeException.InvalidArgument($"Sandbox id '{request.SandboxId}' cannot be a CNI container id, which is {CniNames.Rule}.");
        }

        string version = await versions.ChooseAsync(network, phase, cancellationToken);
        Attachment intended = Plan(network, version, request);

        using IDisposable turn = await EnterAsync(request.SandboxId, phase, cancellationToken);
        await ReleaseEarlierAsync(request.SandboxId, phase, cancellationToken);

        using (phase.Begin("loopback"))
        {
            intended = intended with { NamespaceIdentity = await namespaces.BringLoopbackUpAsync(request.NetworkNamespace, cancellationToken) };
        }

        await store.SaveAsync(intended, cancellationToken);
        return await AddAsync(intended, phase, cancellationToken);
    }

    public async Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        using IDisposable turn = await EnterAsync(sandboxId, phase, cancellationToken);
        AttachmentLookup found = await store.FindAsync(sandboxId, cancellationToken);
        Attachment? attachment = found.Attachment ?? (found.IsCorrupt ? Substitute(sandboxId) : null);
        if (attachment is null)
        {
            return;
        }

        ReleaseOutcome outcome = await release.ReleaseAsync(attachment, networkNamespace, phase, cancellationToken);
        if (outcome.BlocksRemoval)
        {
            throw new RuntimeException(
                outcome.Failures[0].Kind,
                $"{string.Join(" ", outcome.Failures.Select(failure => failure.Message))} It is tried again in the background.",
                outcome.Failures[0]);
        }
    }

    public async Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        using IDisposable turn = await EnterAsync(sandboxId, phase, cancellationToken);
        AttachmentLookup found = await store.FindAsync(sandboxId, cancellationToken);
        if (found.Attachment is not { State: AttachmentState.Attached } attachment)
        {
            throw RuntimeException.NotFound($"Sandbox {sandboxId} is not attached to a CNI network.");
        }

        await chain.CheckAsync(attachment, networkNamespace, phase, cancellationToken);
    }

    public async Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken)
    {
        await garbage.ReleaseStaleAsync(isLiving, phase, cancellationToken);
        if (monitor.Network is { DisableGarbageCollection: false } network && await garbage.IsDueAsync(network.Name, cancellationToken))
        {
            string version = await versions.ChooseAsync(network, phase, cancellationToken);
            await garbage.CollectAsync(network, version, phase, cancellationToken);
        }
    }

    public Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken) => podCidrs.SetAsync(cidrs, cancellationToken);

    private async Task<IDisposable> EnterAsync(string sandboxId, IPhase phase, CancellationToken cancellationToken)
    {
        Task<IDisposable> entering = gate.EnterAsync(sandboxId, cancellationToken);
        if (entering.IsCompleted)
        {
            return await entering;
        }

        using IPhase wait = phase.Begin("cni-wait");
        wait.Note("another network operation of this sandbox, or a CNI garbage collection, has to end first");
        return await entering;
    }

    /// <exception cref="RuntimeException">The request holds what no plugin can be given; nothing is changed yet.</exception>
    private Attachment Plan(NetworkConfiguration network, string version, PodNetworkRequest request)
    {
        return new Attachment
        {
            SandboxId = request.SandboxId,
            PodNamespace = request.PodNamespace,
            PodName = request.PodName,
            State = AttachmentState.Intended,
            Network = network.Name,
            CniVersion = version,
            InterfaceName = InterfaceName,
            NetworkNamespace = request.NetworkNamespace,
            Configuration = network.Source,
            ConfigurationFile = network.File,
            Arguments = CniArguments.For(request),
            CapabilityArguments = CapabilityArguments.For(request, podCidrs.Current),
        };
    }

    /// <summary>A sandbox has at most one attachment; what a crash or a failed detach left of an earlier one goes first.</summary>
    private async Task ReleaseEarlierAsync(string sandboxId, IPhase phase, CancellationToken cancellationToken)
    {
        if ((await store.FindAsync(sandboxId, cancellationToken)).Attachment is not { } earlier)
        {
            return;
        }

        ReleaseOutcome outcome = await release.ReleaseAsync(earlier, earlier.NetworkNamespace, phase, cancellationToken);
        if (outcome.Failures.Count > 0)
        {
            throw new RuntimeException(
                ErrorKind.FailedPrecondition,
                $"Sandbox {sandboxId} cannot be attached while its earlier attachment is not released: {outcome.Failures[0].Message}",
                outcome.Failures[0]);
        }
    }

    private async Task<PodNetworkResult> AddAsync(Attachment intended, IPhase phase, CancellationToken cancellationToken)
    {
        Attachment current = intended;
        try
        {
            CniResult result = await chain.AddAsync(intended, SaveProgressAsync, phase, cancellationToken);
            IReadOnlyList<IPAddress> addresses = result.PodAddresses(InterfaceName);
            if (addresses.Count == 0)
            {
                throw RuntimeException.Unavailable(
                    $"CNI ADD of {intended.Subject}: the result of '{intended.ConfigurationFile}' has no address for {InterfaceName}; its plugins need an 'ipam'.");
            }

            await store.SaveAsync(current with { State = AttachmentState.Attached }, cancellationToken);
            return new PodNetworkResult(addresses);
        }
        catch
        {
            await TakeBackAsync(current, phase);
            throw;
        }

        async Task SaveProgressAsync(CniResult result)
        {
            current = current with { Result = result.Json };
            await store.SaveAsync(current, cancellationToken);
        }
    }

    /// <summary>DEL after a failed ADD, also after a cancelled one: nobody else knows yet that there is something to take back.</summary>
    private async Task TakeBackAsync(Attachment attachment, IPhase phase)
    {
        try
        {
            await release.ReleaseAsync(attachment, attachment.NetworkNamespace, phase, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The record still says that an ADD was intended: a detach, a collection or the next start finds it. The ADD's error matters more.
            log.TakeBackFailed(attachment.Subject, e);
        }
    }

    /// <summary>For a record that cannot be read: today's configuration is the best guess, and plugins go by the container id.</summary>
    private Attachment? Substitute(string sandboxId) => monitor.Network is { } network
        ? Plan(network, network.Versions[0], new PodNetworkRequest
        {
            SandboxId = sandboxId,
            PodName = "",
            PodNamespace = "",
            PodUid = "",
            NetworkNamespace = "",
        }) with { State = AttachmentState.Owed }
        : null;

    private static string Subject(PodNetworkRequest request) => $"Pod {request.PodNamespace}/{request.PodName} (sandbox {request.SandboxId})";
}
