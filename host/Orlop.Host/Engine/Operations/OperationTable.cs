using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine.Operations;

/// <summary>
/// All operations that run. One that is asked for again is joined; one whose request changed is cancelled, cleaned up and
/// replaced; a caller that goes away stops nothing (R1).
/// </summary>
internal sealed class OperationTable(TimeProvider clock, ILogger<OperationTable> logger) : IAsyncDisposable
{
    private static readonly TimeSpan[] StuckMarks = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    private readonly Lock _gate = new();
    private readonly Dictionary<OperationKey, Running> _running = []; // guarded by _gate
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs an operation, or joins the one that runs under the same key with the same fingerprint.</summary>
    /// <param name="key">What two requests have in common when they are the same work.</param>
    /// <param name="fingerprint">What the request asks for; a different one replaces the running operation.</param>
    /// <param name="deadlines">How long it may take.</param>
    /// <param name="body">The work. It undoes itself when it fails.</param>
    /// <param name="cancellationToken">The caller goes away; the operation goes on.</param>
    public async Task<T> RunAsync<T>(
        OperationKey key, string fingerprint, Deadlines deadlines, Func<OperationContext, Task<T>> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var running = JoinOrStart(key, fingerprint, deadlines, body);
            if (CallScope.Current is { } scope) scope.Trace = running.Trace;
            if (running.Fingerprint == fingerprint) return await WaitAsync((Task<T>)running.Work, running, deadlines, cancellationToken);

            OperationLog.Replaced(logger, key.ToString());
            await running.CancelAsync();
            await CleanedUpAsync(running, deadlines, cancellationToken);
        }
    }

    /// <summary>Logs where every operation is that has run for 5, 30 and 60 seconds (R2). Runs until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            Running[] all;
            lock (_gate) all = [.. _running.Values];
            foreach (var running in all)
            {
                while (running.MarksPassed < StuckMarks.Length && running.Trace.Duration >= StuckMarks[running.MarksPassed])
                {
                    OperationLog.Stuck(logger, running.Trace.Key.ToString(), (int)StuckMarks[running.MarksPassed].TotalSeconds, running.Trace.Position);
                    running.MarksPassed++;
                }
            }
        }
    }

    /// <summary>Cancels what runs and waits until it has cleaned up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] all;
        lock (_gate) all = [.. _running.Values.Select(r => r.Work)];
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    /// <summary>The caller counts as one that waits from here on, so that a quick operation cannot miss it.</summary>
    private Running JoinOrStart<T>(OperationKey key, string fingerprint, Deadlines deadlines, Func<OperationContext, Task<T>> body)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(key, out var existing))
            {
                if (existing.Fingerprint == fingerprint) existing.Callers.Enter();
                return existing;
            }

            var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var trace = new OperationTrace(key, clock);
            var running = new Running(fingerprint, trace, cancellation);
            _running.Add(key, running);
            running.Callers.Enter();

            // Not on the caller's thread and not with its context: the operation outlives the call.
            using (ExecutionContext.SuppressFlow())
            {
                running.Work = Task.Run(() => ExecuteAsync(running, deadlines.Work, body), CancellationToken.None);
            }

            return running;
        }
    }

    private async Task<T> ExecuteAsync<T>(Running running, TimeSpan deadline, Func<OperationContext, Task<T>> body)
    {
        var trace = running.Trace;
        using var timer = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(running.Cancellation.Token, timer.Token);

        // Callbacks run in the reverse order of their registration: the position is taken before the work unwinds.
        await using var atDeadline = timer.Token.UnsafeRegister(static t => ((OperationTrace)t!).Interrupt(), trace);
        await using var atCancel = running.Cancellation.Token.UnsafeRegister(static t => ((OperationTrace)t!).Interrupt(), trace);
        try
        {
            return await body(new OperationContext(trace, running.Callers, clock, either.Token));
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested)
        {
            throw Fail(trace, Overdue(trace, $"not done within {deadline.TotalSeconds:0} s; it was cancelled", e));
        }
        catch (OperationCanceledException e) when (running.Cancellation.IsCancellationRequested)
        {
            throw Fail(trace, new RuntimeException(ErrorKind.Cancelled, $"{trace.Key}: cancelled in phase {trace.Position}", e));
        }
        catch (Exception e)
        {
            throw Fail(trace, e);
        }
        finally
        {
            trace.Dispose();
            lock (_gate) _running.Remove(trace.Key);
            if (!running.Callers.AnyWaits && trace.Error is { } reason) OperationLog.FailedUnseen(logger, trace.Key.ToString(), reason);
            running.Cancellation.Dispose();
        }
    }

    private async Task<T> WaitAsync<T>(Task<T> work, Running running, Deadlines deadlines, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(deadlines.Caller, clock, cancellationToken);
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            throw Overdue(running.Trace, $"not done within {deadlines.Caller.TotalSeconds:0} s; it goes on, and a retry joins it. It is", e);
        }
        finally
        {
            running.Callers.Leave();
        }
    }

    /// <summary>Waits for the end of an operation that was cancelled.</summary>
    private async Task CleanedUpAsync(Running running, Deadlines deadlines, CancellationToken cancellationToken)
    {
        try
        {
            await running.Work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .WaitAsync(deadlines.Caller, clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw Overdue(running.Trace, $"an earlier request, which asked for something else, is cancelled and not cleaned up within {deadlines.Caller.TotalSeconds:0} s; it is", e);
        }
    }

    private static Exception Fail(OperationTrace trace, Exception error)
    {
        trace.Fail(error.Message);
        return error;
    }

    private static RuntimeException Overdue(OperationTrace trace, string what, Exception cause) =>
        new(ErrorKind.DeadlineExceeded, $"{trace.Key}: {what} in phase {trace.Position}", cause);

    private sealed class Running(string fingerprint, OperationTrace trace, CancellationTokenSource cancellation)
    {
        public string Fingerprint => fingerprint;

        public OperationTrace Trace => trace;

        public Callers Callers { get; } = new();

        public CancellationTokenSource Cancellation => cancellation; // disposed with the end of the work

        public Task Work { get; set; } = Task.CompletedTask;

        public int MarksPassed { get; set; } // written by the watch alone

        public async Task CancelAsync()
        {
            try
            {
                await cancellation.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has ended meanwhile.
            }
        }
    }
}
