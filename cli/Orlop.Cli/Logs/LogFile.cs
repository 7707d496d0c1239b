namespace Orlop.Cli.Logs;

/// <summary>An open log file that knows whether it is still the one at its path.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly string? _openedAs;

    private LogFile(FileStream stream)
    {
        _stream = stream;
        _openedAs = CurrentName();
    }

    public Stream Stream => _stream;

    /// <summary>
    /// Whether the file was renamed or deleted since it was opened, as rotation does. The kernel keeps the name of an open
    /// file in /proc/self/fd: see proc(5).
    /// </summary>
    public bool HasMoved => CurrentName() != _openedAs;

    /// <summary>Whether the file became shorter than what was read: rotation by copy and truncate.</summary>
    public bool WasTruncated => _stream.Length < _stream.Position;

    /// <summary>Null when there is no such file.</summary>
    public static LogFile? TryOpen(string path)
    {
        try
        {
            return new LogFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();

    private string? CurrentName() =>
        OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{_stream.SafeFileHandle.DangerousGetHandle()}").LinkTarget : null;
}
