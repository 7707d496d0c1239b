using System.Diagnostics;
using Orlop.Testing.Machines;

namespace Orlop.Testing.Nodes;

/// <summary>One run of orlopd inside a node.</summary>
public sealed class DaemonProcess : IDisposable
{
    private readonly Process _process;

    private DaemonProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts orlopd; its output is appended to the node's log file, so that nobody who inherits it can hold the test up.</summary>
    public static DaemonProcess Start(NodeNamespaces namespaces, NodeFolder folder, string cgroup)
    {
        var join = string.Join('\n', CgroupTree.Hierarchies.Select(hierarchy => $"echo $$ > {hierarchy.Folder(cgroup)}/cgroup.procs"));
        var script = $"cd /\n{join}\nexec '{Repository.Dist}/orlopd/orlopd' --config '{folder.Configuration}' </dev/null >>'{folder.DaemonLog}' 2>&1";
        var start = namespaces.Inside("/bin/sh", "-ec", script);
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return new DaemonProcess(Process.Start(start) ?? throw new InvalidOperationException("orlopd did not start"));
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Libc.Kill(Pid, signal);

    /// <summary>Asks it to end by SIGTERM and gives its exit code.</summary>
    public Task<int> TerminateAsync() => EndAsync(Signals.Terminate);

    /// <summary>Ends it by SIGKILL.</summary>
    public Task<int> KillAsync() => EndAsync(Signals.Kill);

    /// <summary>Ends it by a signal and gives its exit code.</summary>
    public async Task<int> EndAsync(int signal)
    {
        if (!_process.HasExited)
        {
            Signal(signal);
        }

        using var patience = new CancellationTokenSource(Deadline.Seconds(30));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
