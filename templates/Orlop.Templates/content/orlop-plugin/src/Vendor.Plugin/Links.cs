using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Orlop.Abstractions.Errors;

namespace Vendor.Plugin;

/// <summary>The interfaces of node and pods, made with ip(8).</summary>
/// <param name="nodeNamespace">The network namespace that the bridge is in; null is this process's own.</param>
internal sealed class Links(string? nodeNamespace)
{
    /// <summary>The node's end of a sandbox's link; an interface name has at most 15 characters.</summary>
    public static string NameFor(string sandboxId) => "pod" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sandboxId)))[..12];

    /// <summary>Makes the bridge where it is missing.</summary>
    public async Task EnsureBridgeAsync(string bridge, IPAddress gateway, int prefixLength, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(bridge, cancellationToken))
            await RunAsync(nodeNamespace, $"link add {bridge} type bridge", cancellationToken);
        await RunAsync(nodeNamespace, $"addr replace {gateway}/{prefixLength} dev {bridge}\nlink set {bridge} up", cancellationToken);
    }

    /// <summary>Makes the link of a sandbox anew, whatever an earlier attempt has left.</summary>
    public async Task ConnectAsync(string sandboxId, string podNamespace, string bridge, IPAddress address, Leases leases, CancellationToken cancellationToken)
    {
        await DisconnectAsync(sandboxId, cancellationToken);
        string link = NameFor(sandboxId);
        await RunAsync(nodeNamespace, $"link add {link} type veth peer name eth0 netns {podNamespace}\nlink set {link} master {bridge} up", cancellationToken);
        await RunAsync(podNamespace, $"link set lo up\naddr add {address}/{leases.Range.PrefixLength} dev eth0\nlink set eth0 up\nroute add default via {leases.Gateway}", cancellationToken);
    }

    /// <summary>Removes both ends; nothing happens when there are none, as after the end of the pod's namespace.</summary>
    public async Task DisconnectAsync(string sandboxId, CancellationToken cancellationToken)
    {
        if (await IsConnectedAsync(sandboxId, cancellationToken))
            await RunAsync(nodeNamespace, $"link del {NameFor(sandboxId)}", cancellationToken);
    }

    public Task<bool> IsConnectedAsync(string sandboxId, CancellationToken cancellationToken) => ExistsAsync(NameFor(sandboxId), cancellationToken);

    private async Task<bool> ExistsAsync(string link, CancellationToken cancellationToken) =>
        (await TryRunAsync(nodeNamespace, $"link show dev {link}", cancellationToken)).ExitCode == 0;

    private static async Task RunAsync(string? networkNamespace, string commands, CancellationToken cancellationToken)
    {
        var (exitCode, error) = await TryRunAsync(networkNamespace, commands, cancellationToken);
        if (exitCode != 0)
            throw RuntimeException.Unavailable($"ip {commands.ReplaceLineEndings("; ip ")}: {error.Trim()}");
    }

    private static async Task<(int ExitCode, string Error)> TryRunAsync(string? networkNamespace, string commands, CancellationToken cancellationToken)
    {
        string[] arguments = networkNamespace is null ? ["ip", "-batch", "-"] : ["nsenter", $"--net={networkNamespace}", "ip", "-batch", "-"];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(arguments[0], arguments[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await process.StandardInput.WriteLineAsync(commands.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await error);
        }
        catch (Win32Exception e)
        {
            throw RuntimeException.Unavailable($"{arguments[0]} cannot be run: {e.Message}; install iproute2 and util-linux", e);
        }
    }
}
