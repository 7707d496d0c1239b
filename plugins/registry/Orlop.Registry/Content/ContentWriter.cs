using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Layers.Digests;
using Orlop.Linux.Syscalls;
using FileMode = System.IO.FileMode;

namespace Orlop.Registry.Content;

/// <summary>A blob on its way into the store.</summary>
internal sealed class ContentWriter : IContentWriter
{
    private const int BufferSize = 1 << 17;

    private readonly ContentStore _store;
    private readonly Digest _digest;
    private readonly IDisposable _held; // one writer for each digest
    private readonly string _finalFile;
    private readonly FileStream _file;
    private readonly DigestHash _hash;

    private ContentWriter(ContentStore store, Digest digest, IDisposable held, string finalFile, FileStream file)
    {
        _store = store;
        _digest = digest;
        _held = held;
        _finalFile = finalFile;
        _file = file;
        _hash = new DigestHash(digest.Algorithm);
    }

    public long Offset { get; private set; }

    /// <summary>Opens what an earlier attempt left, and hashes it again.</summary>
    public static async Task<ContentWriter> OpenAsync(
        ContentStore store, Digest digest, IDisposable held, string partialFile, string finalFile, CancellationToken cancellationToken)
    {
        var file = Open(partialFile, digest);
        var writer = new ContentWriter(store, digest, held, finalFile, file);
        try
        {
            byte[] buffer = new byte[BufferSize];
            for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                writer._hash.Append(buffer.AsSpan(0, read));
                writer.Offset += read;
            }

            return writer;
        }
        catch
        {
            await file.DisposeAsync();
            writer._hash.Dispose();
            throw;
        }
    }

    private static FileStream Open(string partialFile, Digest digest)
    {
        try
        {
            return new FileStream(partialFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("open", digest, partialFile, e);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw Failed("write", _digest, _finalFile, e);
        }

        _hash.Append(bytes.Span);
        Offset += bytes.Length;
    }

    public ValueTask RestartAsync(CancellationToken cancellationToken)
    {
        _file.SetLength(0);
        _file.Position = 0;
        _ = _hash.Finish();
        Offset = 0;
        return ValueTask.CompletedTask;
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        var actual = _hash.Finish();
        if (actual != _digest)
        {
            long size = Offset;
            await RestartAsync(cancellationToken);
            throw new RuntimeException(ErrorKind.DataLoss, $"blob {_digest} arrived as {actual} ({size} bytes); the bytes were thrown away");
        }

        try
        {
            await Task.Run(
                () =>
                {
                    _file.Flush(flushToDisk: true);
                    File.Move(_file.Name, _finalFile, overwrite: true);
                    using var folder = FileSystem.Open(Path.GetDirectoryName(_finalFile)!, OpenFlags.Directory);
                    FileSystem.Sync(folder);
                },
                cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SyscallException)
        {
            throw Failed("commit", _digest, _finalFile, e);
        }

        _store.Committed(_digest, Offset);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _hash.Dispose();
        _held.Dispose();
    }

    private static RuntimeException Failed(string what, Digest digest, string file, Exception e) => e is IOException { HResult: Errno.ENOSPC or Errno.EDQUOT } or SyscallException { Errno: Errno.ENOSPC or Errno.EDQUOT }
        ? new RuntimeException(ErrorKind.ResourceExhausted, $"{what} blob {digest}: no space left on the disk of {Path.GetDirectoryName(file)}; free some space or inodes", e)
        : new RuntimeException(ErrorKind.Internal, $"{what} blob {digest}: {e.Message}", e);
}
