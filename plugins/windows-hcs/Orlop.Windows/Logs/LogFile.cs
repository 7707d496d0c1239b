namespace Orlop.Windows.Logs;

/// <summary>A container's log. Shared for reading, writing and deletion: the kubelet renames it while we write.</summary>
internal sealed class LogFile : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1); // holds the file together with its lines: one write, one whole line
    private FileStream? _file;

    public LogFile(string path)
    {
        Path = path;
        _file = Open(path);
    }

    /// <summary>Where it is, or was before it was renamed.</summary>
    public string Path { get; }

    /// <summary>Appends whole lines.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        await _gate.WaitAsync();
        try
        {
            if (_file is not null) await _file.WriteAsync(lines);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Goes on in a new file of the same name; the old one stays in use when that fails.</summary>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_file is null) return; // closed for good
            var next = Open(Path);
            await _file.DisposeAsync();
            _file = next;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_file is not null) await _file.DisposeAsync();
            _file = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous,
        BufferSize = 0,
    });
}
