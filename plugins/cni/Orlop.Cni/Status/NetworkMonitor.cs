using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Attachments;
using Orlop.Cni.Configuration;
using Orlop.Cni.Execution;

namespace Orlop.Cni.Status;

/// <summary>Knows at any time, without asking anyone, which network is configured and whether it is ready.</summary>
internal sealed class NetworkMonitor(
    ConfigurationFolder folder, PluginVersions versions, PluginCaller caller, CniSettings settings, TimeProvider time, ILogger<NetworkMonitor> log) : IDisposable
{
    private const string NotReadyReason = "NetworkPluginNotReady";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pauseWithoutNetwork = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_statusTimeout = TimeSpan.FromSeconds(10);

    private readonly FolderWatch _watch = new(folder.Path, time, log);
    private volatile Snapshot _snapshot = new(null, NotReady("the CNI configuration has not been read yet"));
    private HashSet<BrokenFile> _broken = []; // those that are logged; only the loop touches it
    private bool? _reportedReady; // likewise

    public NetworkConfiguration? Network => _snapshot.Network;

    public NetworkStatus Status => _snapshot.Status;

    /// <summary>Looks for the first time. The plugins' own answers come later when they are slow.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _watch.Arm();
        using var patience = new CancellationTokenSource(s_startPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await RefreshAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The loop asks again, and has more time than the start of the daemon.
            _snapshot = _snapshot with { Status = NotReady($"the plugins of CNI network '{Network?.Name}' have not answered yet") };
        }
    }

    /// <summary>Follows changes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            bool reported = await _watch.WaitAsync(Status.Ready ? s_pause : s_pauseWithoutNetwork, cancellationToken);
            try
            {
                // A change that the watch has missed means that it watches the wrong thing by now.
                if (await RefreshAsync(cancellationToken) && !reported)
                {
                    _watch.Arm();
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                log.RefreshFailed(e);
            }
        }
    }

    public void Dispose() => _watch.Dispose();

    /// <returns>Whether the folder has changed.</returns>
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        Snapshot before = _snapshot;
        ConfigurationScan scan = folder.Scan();
        bool changed = Report(before.Network, scan);

        // Pods are attached by the new configuration from now on; its status follows.
        _snapshot = before with { Network = scan.Network };
        NetworkStatus status = scan.Network is { } network
            ? await AskAsync(network, scan.Broken, cancellationToken)
            : NotReady($"No CNI network: {scan.Missing}{AndBroken(scan.Broken)}. A network add-on or the administrator puts a .conflist there.");
        _snapshot = new Snapshot(scan.Network, status);

        // Not for every new wording: a plugin may put the time into its message.
        if (changed || _reportedReady != status.Ready)
        {
            ReportStatus(status);
        }

        return changed;
    }

    private async Task<NetworkStatus> AskAsync(NetworkConfiguration network, IReadOnlyList<BrokenFile> broken, CancellationToken cancellationToken)
    {
        try
        {
            string version = await versions.ChooseAsync(network, QuietPhase.Instance, cancellationToken);
            if (CniVersion.HasStatusAndGarbageCollection(version))
            {
                foreach (PluginConfiguration plugin in network.Plugins)
                {
                    await caller.CallAsync(StatusCall(network, version, plugin), QuietPhase.Instance, cancellationToken);
                }
            }

            return broken.Count == 0 ? NetworkStatus.IsReady : NetworkStatus.IsReady with { Message = $"skipped{AndBroken(broken)}" };
        }
        catch (RuntimeException e)
        {
            return NotReady(e.Message);
        }
    }

    private PluginCall StatusCall(NetworkConfiguration network, string version, PluginConfiguration plugin) => new()
    {
        Command = CniCommand.Status,
        Plugin = plugin.Type,
        Input = RequestConfiguration.ForStatus(network.Name, version, plugin),
        Subject = $"network {network.Name}",
        Timeout = settings.Timeout < s_statusTimeout ? settings.Timeout : s_statusTimeout,
    };

    private bool Report(NetworkConfiguration? before, ConfigurationScan scan)
    {
        foreach (BrokenFile file in scan.Broken.Where(file => !_broken.Contains(file)))
        {
            log.ConfigurationBroken(file.File, file.Error);
        }

        bool brokenChanged = !_broken.SetEquals(scan.Broken);
        _broken = [.. scan.Broken];

        bool networkChanged = before?.File != scan.Network?.File || !(before?.Source ?? []).AsSpan().SequenceEqual(scan.Network?.Source ?? []);
        if (networkChanged && scan.Network is { } network)
        {
            log.NetworkChosen(network.Name, network.File);
        }
        else if (networkChanged)
        {
            log.NetworkLost(scan.Missing!);
        }

        return brokenChanged || networkChanged;
    }

    private void ReportStatus(NetworkStatus status)
    {
        _reportedReady = status.Ready;
        if (status.Ready)
        {
            log.NetworkReady();
        }
        else
        {
            log.NetworkNotReady(status.Message);
        }
    }

    private static NetworkStatus NotReady(string message) => new(false, NotReadyReason, message);

    private static string AndBroken(IReadOnlyList<BrokenFile> broken) => string.Concat(broken.Select(file => $"; {file}"));

    private sealed record Snapshot(NetworkConfiguration? Network, NetworkStatus Status);
}
