using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Cni.Execution;

/// <summary>Calls plugins and turns every way in which a call can fail into one exception that says which plugin, for what, and why.</summary>
internal sealed class PluginCaller(PluginBinaries binaries, PluginProcess process, CniSettings settings, ILogger<PluginCaller> log)
{
    // A plugin that fails with something else than an error object may have printed anything.
    private const int QuotedOutput = 512;

    private static readonly string[] s_systemVariables = OperatingSystem.IsWindows()
        ? ["PATH", "PATHEXT", "SystemRoot", "SystemDrive", "windir", "TEMP", "TMP", "ProgramData", "ProgramFiles", "COMPUTERNAME"]
        : ["PATH"];

    /// <summary>Plugins run iptables and their like by name.</summary>
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly Dictionary<string, string> _baseEnvironment = BaseEnvironment(settings.PassEnvironment);

    /// <summary>Runs the plugin and returns what it printed.</summary>
    /// <exception cref="PluginException">It is missing, failed, or took too long.</exception>
    public async Task<ReadOnlyMemory<byte>> CallAsync(PluginCall call, IPhase phase, CancellationToken cancellationToken)
    {
        string command = call.Command.ToString();
        using IPhase step = phase.Begin($"cni-{command.ToLowerInvariant()} {call.Plugin}");

        string what = $"CNI {command.ToUpperInvariant()} of {call.Subject}: plugin '{call.Plugin}'";
        string path = binaries.Find(call.Plugin)
            ?? throw new PluginException(PluginFailure.MissingBinary, 0, $"{what} is in none of {binaries.Folders}; install it there.");
        TimeSpan timeout = call.Timeout ?? settings.Timeout;

        PluginOutput end;
        try
        {
            end = await process.RunAsync(path, EnvironmentOf(call), call.Input, timeout, pid => step.Note($"{path}, pid {pid}"), cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new PluginException(PluginFailure.NotStarted, 0, $"{what} cannot be started: execve {path}: {Marshal.GetPInvokeErrorMessage(e.NativeErrorCode)}.", e);
        }

        string errors = end.Errors.ToLine();
        if (errors.Length > 0)
        {
            log.PluginWroteErrors(call.Plugin, command, call.Subject, errors);
        }

        return end switch
        {
            { ExitCode: null } => throw new PluginException(
                PluginFailure.Deadline, 0,
                $"{what} ({path}) did not end within {timeout.TotalSeconds:0.#} s and was killed; timeout_seconds of [plugins.cni] sets the limit{AndErrors(errors)}."),
            { ExitCode: not 0 } => throw Failed(what, path, end, errors),
            { Output.Overflowed: true } => throw new PluginException(
                PluginFailure.BadOutput, 0, $"{what} ({path}) printed more than {end.Output.Bytes.Length} bytes, which is no CNI result."),
            _ => end.Output.Bytes,
        };
    }

    private static PluginException Failed(string what, string path, PluginOutput end, string errors) =>
        CniError.TryRead(end.Output.Bytes) is { } error
            ? new PluginException(PluginFailure.Error, error.Code, $"{what} failed: {error}{AndErrors(errors)}.")
            : new PluginException(
                PluginFailure.Error, 0,
                $"{what} ({path}) failed with exit code {end.ExitCode} and printed no CNI error{AndOutput(end.Output)}{AndErrors(errors)}.");

    private static string AndOutput(BoundedCapture output) => output.ToLine() is { Length: > 0 } line
        ? $"; its output: {(line.Length > QuotedOutput ? line[..QuotedOutput] + "…" : line)}"
        : "";

    private static string AndErrors(string errors) => errors.Length > 0 ? $"; its standard error: {errors}" : "";

    private Dictionary<string, string> EnvironmentOf(PluginCall call)
    {
        var environment = new Dictionary<string, string>(_baseEnvironment, StringComparer.Ordinal)
        {
            ["CNI_COMMAND"] = call.Command.ToString().ToUpperInvariant(),
            ["CNI_CONTAINERID"] = call.ContainerId,
            ["CNI_NETNS"] = call.NetworkNamespace,
            ["CNI_IFNAME"] = call.InterfaceName,
            ["CNI_ARGS"] = call.Arguments,
            ["CNI_PATH"] = binaries.SearchPath,
        };
        if (call.Collection.Length > 0)
        {
            environment[ProcessFamily.Collection] = call.Collection;
        }

        return environment;
    }

    private static Dictionary<string, string> BaseEnvironment(IReadOnlyList<string> passed)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            environment["PATH"] = DefaultPath;
        }

        foreach (string name in s_systemVariables.Concat(passed))
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }
}
