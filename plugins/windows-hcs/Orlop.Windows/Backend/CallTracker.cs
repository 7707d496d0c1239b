using Orlop.Abstractions.Errors;

namespace Orlop.Windows.Backend;

/// <summary>Calls on a container's handles. The handles are closed only once the last call has ended, and no new one begins.</summary>
internal sealed class CallTracker(string subject)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _calls = [];
    private bool _closed;

    /// <summary>Makes a call.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.FailedPrecondition"/> when the handles are being closed.</exception>
    public Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        lock (_lock)
        {
            if (_closed) throw RuntimeException.FailedPrecondition($"{subject} is being removed");
            var running = call();
            _calls.Add(running);
            _calls.RemoveWhere(c => c.IsCompleted);
            return running;
        }
    }

    /// <summary>Refuses new calls and waits for those in flight, whatever they end with: that is their caller's.</summary>
    public async Task CloseAsync()
    {
        Task[] last;
        lock (_lock)
        {
            _closed = true;
            last = [.. _calls];
        }

        await Task.WhenAll(last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
