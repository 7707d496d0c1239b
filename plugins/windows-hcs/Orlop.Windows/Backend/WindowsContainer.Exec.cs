using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Windows.Compute;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Planning;

namespace Orlop.Windows.Backend;

internal sealed partial class WindowsContainer
{
    // How long a caller waits for a signal's delivery, which may last until the process has ended.
    private static readonly TimeSpan SignalPatience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        string value = ControlSignal.Map(signal);
        if (value == ControlSignal.Terminate)
        {
            await KillAsync(cancellationToken);
            return;
        }

        if (!IsRunning || _process is not { } process) return;
        var delivery = _calls.RunAsync(() => DeliverAsync(process, value));
        await _parts.Stop.WithinAsync(delivery, SignalPatience, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (!IsRunning || _process is not { } process || _system is not { } system) return;
        try
        {
            await _parts.Stop.KillAsync(Id, process.ProcessId);
            if (!await _parts.Stop.WithinAsync(process.Exited, StopPolicy.KillPatience, cancellationToken)) await CallAsync(() => _parts.Stop.TerminateAsync(system, cancellationToken));
        }
        catch (HcsException e)
        {
            throw e.Translate($"container {_spec.Name}: cannot be killed");
        }
    }

    /// <inheritdoc/>
    public Task<ExecResult> ExecAsync(ExecSpec spec, CancellationToken cancellationToken)
    {
        if (!IsRunning || _system is not { } system) throw RuntimeException.FailedPrecondition($"container {_spec.Name} does not run: no command can be run in it");
        var document = ProcessPlanner.PlanExec(RequireProcess(_spec), _spec.User, spec.Command);
        return _calls.RunAsync(() => ExecAsync(system, document, spec, cancellationToken));
    }

    private async Task<ExecResult> ExecAsync(TrackedSystem system, ProcessDocument document, ExecSpec spec, CancellationToken cancellationToken)
    {
        TrackedProcess process;
        try
        {
            process = await TrackedProcess.TrackAsync(await system.Native.CreateProcessAsync(JsonSerializer.Serialize(document, HcsJson.Default.ProcessDocument)));
        }
        catch (HcsException e)
        {
            throw e.Translate($"container {_spec.Name}: cannot run \"{document.CommandLine}\"");
        }

        using (process)
        {
            using var reading = new CancellationTokenSource();
            var stdout = new OutputCapture(process.Native.StandardOutput, spec.OutputLimit);
            var stderr = new OutputCapture(process.Native.StandardError, spec.OutputLimit);
            var captured = Task.WhenAll(stdout.RunAsync(reading.Token), stderr.RunAsync(reading.Token));
            try
            {
                var end = await EndOfAsync(process, document, spec, cancellationToken);
                await _parts.Stop.WithinAsync(captured, DrainPatience, cancellationToken);
                int code = end.ExitCode is { } known ? unchecked((int)known) : throw RuntimeException.Unavailable($"container {_spec.Name}: how \"{document.CommandLine}\" ended is unknown: the compute service went away");
                await reading.CancelAsync();
                await captured;
                return new ExecResult(code, stdout.Captured, stderr.Captured);
            }
            finally
            {
                await reading.CancelAsync();
                await captured;
            }
        }
    }

    private async Task<ProcessEnd> EndOfAsync(TrackedProcess process, ProcessDocument document, ExecSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            return await process.Exited.WaitAsync(spec.Timeout ?? Timeout.InfiniteTimeSpan, _parts.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await KillCommandAsync(process);
            if (e is OperationCanceledException) throw;
            throw new RuntimeException(ErrorKind.DeadlineExceeded, $"container {_spec.Name}: \"{document.CommandLine}\" did not end within {spec.Timeout!.Value.TotalSeconds} s and was killed");
        }
    }

    private async Task KillCommandAsync(TrackedProcess process)
    {
        try
        {
            await _parts.Stop.KillAsync(Id, process.ProcessId);
        }
        catch (HcsException e)
        {
            throw e.Translate($"container {_spec.Name}: a command that took too long cannot be killed");
        }

        if (!await _parts.Stop.WithinAsync(process.Exited, StopPolicy.KillPatience, CancellationToken.None))
        {
            throw new RuntimeException(ErrorKind.DeadlineExceeded, $"container {_spec.Name}: process {process.ProcessId} did not end within {StopPolicy.KillPatience.TotalSeconds} s after it was killed");
        }
    }

    private async Task<bool> DeliverAsync(TrackedProcess process, string signal)
    {
        try
        {
            await process.Native.SignalAsync(JsonSerializer.Serialize(new SignalOptions(signal), HcsJson.Default.SignalOptions));
            return true;
        }
        catch (HcsException e) when (e.Error is HcsError.AlreadyStopped or HcsError.NotFound or HcsError.Pending)
        {
            return true; // it ends, or has
        }
        catch (HcsException e)
        {
            _parts.Logger.SignalFailed(Id, signal, e); // the caller may be gone; a kill follows in any case
            return false;
        }
    }
}
