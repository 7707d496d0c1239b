using Microsoft.Data.Sqlite;
using Orlop.Abstractions.Records;

namespace Orlop.Host.State;

/// <summary>Copies what is still readable of a corrupt state file: from both ends up to the damage, each record checked by its sum.</summary>
internal static class RecordSalvage
{
    /// <summary>Returns how many records were saved.</summary>
    public static int Copy(string corruptPath, RecordConnection target)
    {
        var saved = new Dictionary<(string Namespace, string Key), byte[]>();
        foreach (string order in (string[])["ASC", "DESC"])
            ReadUpToDamage(corruptPath, order, saved);

        target.Commit([.. saved.GroupBy(record => record.Key.Namespace, StringComparer.Ordinal).Select(records => new CommitRequest(
            records.Key,
            [.. records.Select(record => KeyValuePair.Create<string, byte[]?>(record.Key.Key, record.Value))],
            Durability.Power))]);
        return saved.Count;
    }

    private static void ReadUpToDamage(string path, string order, Dictionary<(string Namespace, string Key), byte[]> saved)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT namespace, key, value, checksum FROM records ORDER BY namespace {order}, key {order}";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var (ns, key, value) = (rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2));
                if (rows.GetInt64(3) == RecordChecksum.Of(ns, key, value))
                    saved[(ns, key)] = value;
            }
        }
        catch (SqliteException e) when (RecordErrors.IsCorruption(e) || e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            // The damage; SQLITE_ERROR is "no such table". What was read before it counts, and the caller logs how much.
        }
    }
}
