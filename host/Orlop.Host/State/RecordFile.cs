using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orlop.Host.State;

/// <summary>Opens the state file. One that is corrupt is moved aside, and a new one takes over what can still be read (R12).</summary>
internal sealed class RecordFile(string path, TimeProvider time, ILogger logger)
{
    public RecordConnection Open()
    {
        try
        {
            return OpenSound();
        }
        catch (SqliteException e) when (RecordErrors.IsCorruption(e))
        {
            string aside = MoveAside();
            var connection = RecordConnection.Open(path);
            int saved = RecordSalvage.Copy(aside, connection);
            RecordLog.Corrupt(logger, path, e.Message, aside, saved);
            return connection;
        }
    }

    private RecordConnection OpenSound()
    {
        var connection = RecordConnection.Open(path);
        try
        {
            return connection.Check() is { } damage
                ? throw new SqliteException(damage, SQLitePCL.raw.SQLITE_CORRUPT)
                : connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string MoveAside()
    {
        string aside = $"{path}.corrupt-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        File.Move(path, aside);
        foreach (string suffix in (string[])["-wal", "-shm"])
        {
            if (File.Exists(path + suffix))
                File.Move(path + suffix, aside + suffix);
        }

        return aside;
    }
}
