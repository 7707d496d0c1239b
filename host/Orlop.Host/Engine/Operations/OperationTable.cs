using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine.Operations;

/// <summary>
/// All operations that run. One that is asked for again is joined; one whose request changed is cancelled, cleaned up and
/// replaced; a caller that goes away stops nothing (R1).
/// </summary>
internal sealed class OperationTable(TimeProvider clock, ILogger<OperationTable> logger) : IAsyncDisposable
{
    private static readonly TimeSpan[] StuckMarks = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    /// <summary>After its deadline an operation may clean up this long before its caller stops waiting for it.</summary>
    private static readonly TimeSpan CleanUpGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<OperationKey, Running> _running = []; // guarded by _gate
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs an operation, or joins the one that runs under the same key with the same fingerprint.</summary>
    /// <param name="key">What two requests have in common when they are the same work.</param>
    /// <param name="fingerprint">What the request asks for; a different one replaces the running operation.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="body">The work. It undoes itself when it fails.</param>
    /// <param name="cancellationToken">The caller goes away; the operation goes on.</param>
    public async Task<T> RunAsync<T>(
        OperationKey key, string fingerprint, TimeSpan deadline, Func<OperationContext, Task<T>> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var running = JoinOrStart(key, fingerprint, deadline, body);
            if (CallScope.Current is { } scope) scope.Trace = running.Trace;
            if (running.Fingerprint == fingerprint) return await WaitAsync((Task<T>)running.Work, running, deadline, cancellationToken);

            OperationLog.Replaced(logger, key.ToString());
            await running.CancelAsync();
            await running.Work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Cancels the operation under a key, if there is one, and waits until it has cleaned up.</summary>
    public async Task CancelAsync(OperationKey key, CancellationToken cancellationToken)
    {
        Running? running;
        lock (_gate) _running.TryGetValue(key, out running);
        if (running is null) return;

        await running.CancelAsync();
        await running.Work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
    private Running JoinOrStart<T>(OperationKey key, string fingerprint, TimeSpan deadline, Func<OperationContext, Task<T>> body)
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
                running.Work = Task.Run(() => ExecuteAsync(running, deadline, body), CancellationToken.None);
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
            throw Fail(trace, Overdue(trace, deadline, e));
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

    private async Task<T> WaitAsync<T>(Task<T> work, Running running, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(deadline + CleanUpGrace, clock, cancellationToken);
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            // The work ignores its token: a call of the kernel or of a plugin hangs. A retry joins it again.
            throw Overdue(running.Trace, deadline, e);
        }
        finally
        {
            running.Callers.Leave();
        }
    }

    private static Exception Fail(OperationTrace trace, Exception error)
    {
        trace.Fail(error.Message);
        return error;
    }

    private static RuntimeException Overdue(OperationTrace trace, TimeSpan deadline, Exception cause) =>
        new(ErrorKind.DeadlineExceeded, $"{trace.Key}: not done within {deadline.TotalSeconds:0} s; it is in phase {trace.Position}. A retry joins it.", cause);

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
