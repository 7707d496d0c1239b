using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Mounting;

/// <summary>
/// Opens paths of the node that users name. Any of them may lie on a dead network or FUSE file system, where a call never returns and cannot be
/// interrupted: so a helper process makes the calls, and is left behind at the deadline (R2). A thread of ours in its place would keep a killed
/// daemon, its lock and its socket alive.
/// </summary>
/// <param name="start">Starts a helper.</param>
/// <param name="deadline">How long the paths of one container may take together.</param>
/// <param name="time">The clock.</param>
internal sealed class HostPathOpener(Func<IPathHelper> start, TimeSpan deadline, TimeProvider time) : IDisposable
{
    private const int MaxIdle = 2;

    private readonly ConcurrentBag<IPathHelper> _idle = [];
    private readonly ConcurrentDictionary<string, Task> _hanging = new(StringComparer.Ordinal); // until the end of the helper that each holds

    /// <summary>Runs work that touches paths; it blocks, so on a thread of its own.</summary>
    /// <param name="work">Its result is disposed of when it comes too late.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="RuntimeException">DeadlineExceeded: the path that hangs is named. Unavailable: it still hangs from an earlier attempt.</exception>
    public async Task<T> RunAsync<T>(Func<HostPaths, T> work, CancellationToken cancellationToken)
        where T : IDisposable
    {
        IPathHelper helper = _idle.TryTake(out IPathHelper? idle) ? idle : start();
        var paths = new HostPaths(helper, StillHangs);
        Task<T> working = Task.Factory.StartNew(() => work(paths), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await ((Task)working).WaitAsync(deadline, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!working.IsCompleted)
        {
            string path = paths.Current;
            helper.Dispose();
            _hanging[path] = helper.Ended;
            await DiscardAsync(working);
            cancellationToken.ThrowIfCancellationRequested();
            throw new RuntimeException(
                ErrorKind.DeadlineExceeded,
                $"host path {path} did not answer within {deadline.TotalSeconds:0} s: its file system hangs (a dead NFS server or FUSE program?). Unmount or repair it on the node.");
        }

        try
        {
            T result = await working;
            Keep(helper);
            return result;
        }
        catch (IOException e)
        {
            helper.Dispose();
            throw new RuntimeException(ErrorKind.Unavailable, $"host path {paths.Current}: the helper that opens paths has ended: {e.Message}; try again", e);
        }
        catch
        {
            Keep(helper);
            throw;
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out IPathHelper? helper)) helper.Dispose();
    }

    private void Keep(IPathHelper helper)
    {
        if (_idle.Count < MaxIdle) _idle.Add(helper);
        else helper.Dispose();
    }

    private bool StillHangs(string path)
    {
        if (!_hanging.TryGetValue(path, out Task? held)) return false;
        if (!held.IsCompleted) return true;
        _hanging.TryRemove(new KeyValuePair<string, Task>(path, held));
        return false;
    }

    /// <summary>The helper's end ends the work, too.</summary>
    private static async Task DiscardAsync<T>(Task<T> working)
        where T : IDisposable
    {
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (working.IsCompletedSuccessfully) (await working).Dispose();
    }
}
