namespace Orlop.Host.State;

/// <summary>
/// Space that is given up when the disk is full, so that the end of a container, a stop and a removal can still be put on
/// record: they are what frees a full disk. Taken again once there is room.
/// </summary>
internal sealed class RecordReserve(string path, TimeProvider time)
{
    /// <summary>SQLite's log is emptied into the file before it reaches 4 MiB (sqlite.org/wal.html); that and the pages of as many new records.</summary>
    private const long Size = 8 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30); // between two attempts to take it

    private readonly string _file = path + ".reserve";
    private long? _lastAttempt;

    /// <summary>Takes the space unless it is held, or was tried for just now.</summary>
    public void Hold()
    {
        if (File.Exists(_file) || (_lastAttempt is { } last && time.GetElapsedTime(last) < Pause))
            return;

        _lastAttempt = time.GetTimestamp();
        try
        {
            using var file = new FileStream(_file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = Size });
        }
        catch (IOException)
        {
            File.Delete(_file); // no room for it
        }
    }

    /// <summary>Gives the space up.</summary>
    /// <returns>False when it was given up before.</returns>
    public bool Release()
    {
        if (!File.Exists(_file))
            return false;

        File.Delete(_file);
        _lastAttempt = time.GetTimestamp();
        return true;
    }
}
