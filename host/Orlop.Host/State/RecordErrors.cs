using Microsoft.Data.Sqlite;
using Orlop.Abstractions.Errors;
using static SQLitePCL.raw;

namespace Orlop.Host.State;

/// <summary>SQLite's errors as the family's; see sqlite.org/rescode.html.</summary>
internal static class RecordErrors
{
    /// <summary>Also where the index of the log cannot be made (sqlite.org/walformat.html), which SQLite tells as a failure of the disk.</summary>
    public static bool IsFull(SqliteException e) => e.SqliteErrorCode == SQLITE_FULL || e.SqliteExtendedErrorCode is SQLITE_IOERR_SHMSIZE or SQLITE_IOERR_SHMOPEN or SQLITE_IOERR_WRITE;

    public static bool IsCorruption(SqliteException e) => e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB;

    public static RuntimeException Translate(Exception e, string path) => e switch
    {
        RuntimeException ours => ours,
        SqliteException sqlite => Translate(sqlite, path),
        _ => new RuntimeException(ErrorKind.Internal, $"{path}: {e.Message}", e),
    };

    private static RuntimeException Translate(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        SQLITE_FULL => new RuntimeException(ErrorKind.ResourceExhausted, $"cannot write {path}: no space left on its disk; free some (df {Path.GetDirectoryName(path)}), nothing was changed", e),
        SQLITE_CORRUPT or SQLITE_NOTADB => new RuntimeException(ErrorKind.DataLoss, $"{path} is damaged ({e.Message}); restart orlopd: it moves the file aside and keeps what can be read", e),
        SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PERM => new RuntimeException(ErrorKind.FailedPrecondition, $"cannot open {path} for writing ({e.Message}); check that its folder is on a writable disk and belongs to orlopd's user", e),
        SQLITE_IOERR => new RuntimeException(ErrorKind.Unavailable, $"the disk failed under {path} ({e.Message}, extended code {e.SqliteExtendedErrorCode}); see dmesg", e),
        _ => new RuntimeException(ErrorKind.Internal, $"{path}: {e.Message}", e),
    };
}
