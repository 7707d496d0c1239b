using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Records;

namespace Orlop.Host.State;

/// <summary>All records of the host and its plugins, in one SQLite file.</summary>
/// <remarks>
/// One loop owns the writing connection and commits whatever waits in one transaction. Reads have a connection of
/// their own: in WAL mode they see the last commit and never wait for a writer. Opening is the loop's first act, so
/// that the daemon serves meanwhile; calls wait for it.
/// </remarks>
internal sealed class RecordDatabase : IAsyncDisposable
{
    /// <summary>Where records that do not match their checksum go, keyed by <c>namespace/key</c>.</summary>
    public const string QuarantineNamespace = "quarantine";

    private const int MaxBatch = 256;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<CommitRequest> _commits = Channel.CreateBounded<CommitRequest>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly TaskCompletionSource<RecordConnection> _reader = new(TaskCreationOptions.RunContinuationsAsynchronously); // set by the loop once the file is open
    private readonly SemaphoreSlim _reading = new(1); // a connection serves one command at a time
    private readonly RecordReserve _reserve; // the loop's alone
    private readonly Task _loop;

    public RecordDatabase(string path, TimeProvider time, ILogger<RecordDatabase> logger)
    {
        _path = path;
        _time = time;
        _logger = logger;
        _reserve = new RecordReserve(path, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ends once the file is open.</summary>
    /// <exception cref="RuntimeException">It cannot be opened or made, for example on a read-only disk.</exception>
    public Task Opened => _reader.Task;

    public async ValueTask<byte[]?> GetAsync(string ns, string key, CancellationToken cancellationToken) =>
        (await ReadAsync(connection => connection.Read(ns, key, exact: true), ns, cancellationToken)) is [var record, ..] ? record.Value : null;

    public ValueTask<IReadOnlyList<Record>> ListAsync(string ns, string prefix, CancellationToken cancellationToken) =>
        ReadAsync(connection => connection.Read(ns, prefix, exact: false), ns, cancellationToken);

    /// <summary>The token counts until the changes are queued; from there on they are written.</summary>
    public async ValueTask CommitAsync(string ns, RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        var request = new CommitRequest(ns, changes.Changes.ToArray(), durability);
        await EnqueueAsync(request, cancellationToken);
        await request.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _commits.Writer.TryComplete();
        await _loop;
        if (_reader.Task.IsCompletedSuccessfully)
            (await _reader.Task).Dispose();
        _reading.Dispose();
    }

    private async ValueTask<IReadOnlyList<Record>> ReadAsync(Func<RecordConnection, ReadOutcome> read, string ns, CancellationToken cancellationToken)
    {
        var connection = await _reader.Task.WaitAsync(cancellationToken);
        await _reading.WaitAsync(cancellationToken);
        ReadOutcome outcome;
        try
        {
            outcome = read(connection);
        }
        catch (SqliteException e)
        {
            throw RecordErrors.Translate(e, _path);
        }
        finally
        {
            _reading.Release();
        }

        if (outcome.Bad.Count > 0)
            await QuarantineAsync(ns, outcome.Bad, cancellationToken);
        return outcome.Good;
    }

    private async Task QuarantineAsync(string ns, IReadOnlyList<BadRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            RecordLog.Quarantined(_logger, ns, record.Key, record.Value.Length, _path);
            var request = new CommitRequest(ns, record);
            await EnqueueAsync(request, cancellationToken);
            await request.Done.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the loop logs a failure; the next read tries again
        }
    }

    private async Task EnqueueAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _commits.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw RuntimeException.Unavailable($"{_path} is closed: the daemon is stopping.");
        }
    }

    private async Task RunAsync()
    {
        RecordConnection writer;
        try
        {
            (writer, var reader) = OpenAtAnyPrice();
            _reader.SetResult(reader);
        }
        catch (Exception e)
        {
            var error = RecordErrors.Translate(e, _path);
            RecordLog.CannotOpen(_logger, error.Message, error);
            _reader.SetException(error);
            await foreach (var request in _commits.Reader.ReadAllAsync())
                request.Done.TrySetException(error);
            return;
        }

        using (writer)
            await WriteAsync(writer);
    }

    private (RecordConnection Writer, RecordConnection Reader) OpenAtAnyPrice()
    {
        try
        {
            return OpenBoth();
        }
        catch (SqliteException e) when (RecordErrors.IsFull(e) && _reserve.Release())
        {
            RecordLog.ReserveReleased(_logger, _path);
            return OpenBoth();
        }
    }

    private (RecordConnection Writer, RecordConnection Reader) OpenBoth()
    {
        var writer = new RecordFile(_path, _time, _logger).Open();
        try
        {
            return (writer, RecordConnection.Open(_path));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private async Task WriteAsync(RecordConnection writer)
    {
        var batch = new List<CommitRequest>(MaxBatch);
        _reserve.Hold();
        while (await _commits.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _commits.Reader.TryRead(out var request))
                batch.Add(request);

            // A batch that fails is tried again one by one, so that a bad commit fails alone.
            if (TryCommit(writer, batch, final: batch.Count == 1) is false)
            {
                foreach (var request in batch)
                    TryCommit(writer, [request], final: true);
            }

            batch.Clear();
            _reserve.Hold();
        }
    }

    private void CommitAtAnyPrice(RecordConnection writer, List<CommitRequest> batch)
    {
        try
        {
            writer.Commit(batch);
        }
        catch (SqliteException e) when (RecordErrors.IsFull(e) && _reserve.Release())
        {
            RecordLog.ReserveReleased(_logger, _path);
            writer.Commit(batch);
        }
    }

    private bool TryCommit(RecordConnection writer, List<CommitRequest> batch, bool final)
    {
        try
        {
            CommitAtAnyPrice(writer, batch);
            foreach (var request in batch)
                request.Done.TrySetResult();
            return true;
        }
        catch (Exception e)
        {
            if (final)
            {
                var error = RecordErrors.Translate(e, _path);
                RecordLog.CommitFailed(_logger, error.Message, error);
                foreach (var request in batch)
                    request.Done.TrySetException(error);
            }

            return final;
        }
    }
}
