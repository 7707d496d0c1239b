using System.Collections.Concurrent;
using System.Threading.Channels;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.State;

namespace Orlop.Host.Engine.Logs;

/// <summary>Gives every sink a copy of what containers log, read from their log files. Without a sink it does nothing.</summary>
internal sealed class LogTee(IReadOnlyList<ILogSink> sinks, IEventBus events, StateBook book, TimeProvider clock, ILogger logger)
{
    private readonly SinkQueue[] _queues = [.. sinks.Select(s => new SinkQueue(s, logger))];
    private readonly ConcurrentDictionary<string, LogFollower> _followers = new(StringComparer.Ordinal);

    /// <summary>A container's log has been opened anew: what follows is in a new file.</summary>
    public void Rotated(string containerId)
    {
        if (_followers.TryGetValue(containerId, out var follower)) follower.Rotated();
    }

    /// <summary>Runs until cancelled. Containers that run already are followed from the end of their logs.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_queues.Length == 0) return;

        var news = events.ReadAsync(cancellationToken);
        var tasks = _queues.Select(q => q.PumpAsync(cancellationToken)).ToList();
        foreach (var container in book.Current.Containers.Values.Where(c => c.State == ContainerState.Running)) tasks.Add(FollowAsync(container, fromEnd: true, cancellationToken));

        await foreach (var item in news.WithCancellation(cancellationToken))
        {
            tasks.RemoveAll(t => t.IsCompletedSuccessfully);
            if (item.ContainerId is not { } id) continue;
            if (item.Kind == RuntimeEventKind.Started && book.Current.Containers.TryGetValue(id, out var container)) tasks.Add(FollowAsync(container, fromEnd: false, cancellationToken));
            if (item.Kind is RuntimeEventKind.Stopped or RuntimeEventKind.Deleted && _followers.TryGetValue(id, out var follower)) follower.Finish();
        }

        await Task.WhenAll(tasks);
    }

    private async Task FollowAsync(ContainerEntry container, bool fromEnd, CancellationToken cancellationToken)
    {
        if (container.LogPath.Length == 0) return;
        var follower = new LogFollower(container.LogPath, fromEnd, clock);
        if (!_followers.TryAdd(container.Id, follower)) return;
        try
        {
            await foreach (var entry in follower.ReadAsync(cancellationToken))
            {
                var line = new LogLine(container.SandboxId, container.Id, entry);
                foreach (var queue in _queues) queue.Offer(line);
            }
        }
        catch (IOException e)
        {
            LogTeeLog.Unreadable(logger, container.Id, container.LogPath, e);
        }
        finally
        {
            _followers.TryRemove(container.Id, out _);
        }
    }

    /// <summary>The lines that one sink has not got yet.</summary>
    private sealed class SinkQueue(ILogSink sink, ILogger logger)
    {
        private const int Capacity = 8192;

        private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        private long _lost; // since the last line that the sink got

        public void Offer(LogLine line)
        {
            while (!_lines.Writer.TryWrite(line))
            {
                if (_lines.Reader.TryRead(out _)) Interlocked.Increment(ref _lost);
            }
        }

        public async Task PumpAsync(CancellationToken cancellationToken)
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost) LogTeeLog.Lost(logger, sink.Name, lost);
                try
                {
                    await sink.WriteAsync(line, cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogTeeLog.Refused(logger, sink.Name, line.ContainerId, e);
                }
            }
        }
    }
}
