using Microsoft.Data.Sqlite;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Records;

namespace Orlop.Host.State;

/// <summary>One SQLite connection with its prepared statements. Not for two threads at once.</summary>
internal sealed class RecordConnection : IDisposable
{
    /// <summary>
    /// The format of the records, in SQLite's <c>user_version</c>. It grows when an older orlopd would misread them; what only adds
    /// members leaves it as it is.
    /// </summary>
    private const long Format = 1;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _list;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _deleteBad;
    private bool _syncsEveryCommit;

    private RecordConnection(SqliteConnection connection)
    {
        _connection = connection;
        _get = Prepare("SELECT key, value, checksum FROM records WHERE namespace = $ns AND key = $key", "$ns", "$key");
        _list = Prepare("SELECT key, value, checksum FROM records WHERE namespace = $ns AND key >= $key ORDER BY key", "$ns", "$key");
        _put = Prepare("INSERT OR REPLACE INTO records (namespace, key, value, checksum) VALUES ($ns, $key, $value, $checksum)", "$ns", "$key", "$value", "$checksum");
        _delete = Prepare("DELETE FROM records WHERE namespace = $ns AND key = $key", "$ns", "$key");
        _deleteBad = Prepare("DELETE FROM records WHERE namespace = $ns AND key = $key AND checksum = $checksum", "$ns", "$key", "$checksum");
    }

    /// <summary>Opens the file, and makes it and its table where they are missing.</summary>
    /// <exception cref="SqliteException">The file is corrupt, no database, or not writable.</exception>
    /// <exception cref="RuntimeException">A later orlopd wrote it.</exception>
    public static RecordConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA busy_timeout = 5000;
                CREATE TABLE IF NOT EXISTS records (
                    namespace TEXT NOT NULL,
                    key TEXT NOT NULL,
                    value BLOB NOT NULL,
                    checksum INTEGER NOT NULL,
                    PRIMARY KEY (namespace, key)
                ) STRICT, WITHOUT ROWID;
                """);
            CheckFormat(connection, path);
            return new RecordConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // An orlopd that went on would take every record that it cannot read for a damaged one, and end the pod.
    private static void CheckFormat(SqliteConnection connection, string path)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        long found = (long)read.ExecuteScalar()!;
        if (found > Format)
        {
            throw RuntimeException.FailedPrecondition(
                $"{path} was written by a later orlopd (format {found}, this one knows {Format}); start that one, or drain the node and move the file away: its pods and images are forgotten then");
        }

        if (found < Format) Execute(connection, $"PRAGMA user_version = {Format}");
    }

    /// <summary>SQLite's own check of the file; null when it is sound, else the first thing that is wrong.</summary>
    public string? Check()
    {
        using var check = Prepare("PRAGMA quick_check(1)");
        string? answer = check.ExecuteScalar() as string;
        return answer is "ok" ? null : answer ?? "no answer";
    }

    /// <summary>The record of a key, or all those whose key starts with it.</summary>
    public ReadOutcome Read(string ns, string key, bool exact)
    {
        var good = new List<Record>();
        var bad = new List<BadRecord>();
        var command = exact ? _get : _list;
        Bind(command, ns, key);
        using (var rows = command.ExecuteReader())
        {
            // SQLite orders by the bytes of UTF-8, in which all keys of a prefix lie together.
            while (rows.Read() && rows.GetString(0) is var found && found.StartsWith(key, StringComparison.Ordinal))
            {
                var (value, checksum) = (rows.GetFieldValue<byte[]>(1), rows.GetInt64(2));
                if (checksum == RecordChecksum.Of(ns, found, value))
                    good.Add(new Record(found, value));
                else
                    bad.Add(new BadRecord(found, value, checksum));
            }
        }

        good.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key)); // differs from UTF-8 beyond U+FFFF
        return new ReadOutcome(good, bad);
    }

    /// <summary>Writes all requests in one transaction, synced to the disk when one of them asks for it.</summary>
    public void Commit(IReadOnlyList<CommitRequest> batch)
    {
        SyncEveryCommit(batch.Any(request => request.Durability == Durability.Power));
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_put, _delete, _deleteBad])
            command.Transaction = transaction;

        foreach (var request in batch)
        {
            if (request.Bad is { } bad)
                MoveToQuarantine(request.Namespace, bad);
            foreach (var (key, value) in request.Changes)
            {
                if (value is null)
                    Run(_delete, request.Namespace, key);
                else
                    Run(_put, request.Namespace, key, value, (long)RecordChecksum.Of(request.Namespace, key, value));
            }
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_get, _list, _put, _delete, _deleteBad])
            command.Dispose();
        _connection.Dispose();
    }

    private void MoveToQuarantine(string ns, BadRecord bad)
    {
        string key = $"{ns}/{bad.Key}";
        Bind(_deleteBad, ns, bad.Key, bad.Checksum); // not a good one that was written since
        if (_deleteBad.ExecuteNonQuery() > 0)
            Run(_put, RecordDatabase.QuarantineNamespace, key, bad.Value, (long)RecordChecksum.Of(RecordDatabase.QuarantineNamespace, key, bad.Value));
    }

    /// <summary>In WAL mode FULL syncs the log with each commit, and with it all commits before (sqlite.org/pragma.html#pragma_synchronous).</summary>
    private void SyncEveryCommit(bool sync)
    {
        if (sync == _syncsEveryCommit)
            return;

        Execute(_connection, sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        _syncsEveryCommit = sync;
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
