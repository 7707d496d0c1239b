using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Layers.Digests;
using Orlop.Snapshots;
using FileMode = System.IO.FileMode;

namespace Orlop.Registry.Content;

/// <summary>
/// Blobs as files: <c>blobs/sha256/&lt;hex&gt;</c> once they are whole, verified and durable, <c>partial/sha256-&lt;hex&gt;</c> before.
/// A file's place says all there is to know, so that there are no records that could differ.
/// </summary>
internal sealed class ContentStore(string folder, TimeProvider time) : IContentStore
{
    private readonly ConcurrentDictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly KeyedLock _writers = new();

    public string Name => "registry";

    /// <summary>What all blobs take, partial ones left out.</summary>
    public FilesystemUsage Usage => new(time.GetUtcNow(), folder, _sizes.Values.Sum(), _sizes.Count);

    private string PartialFolder => Path.Combine(folder, "partial");

    /// <summary>Finds again what is here. Called once, before anything else.</summary>
    public void Recover()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, ownerOnly);
        Directory.CreateDirectory(PartialFolder, ownerOnly);
        foreach (string algorithm in (string[])["sha256", "sha512"])
        {
            var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", algorithm), ownerOnly);
            foreach (var file in blobs.EnumerateFiles().Where(f => Digest.TryParse($"{algorithm}:{f.Name}", out _)))
                _sizes[$"{algorithm}:{file.Name}"] = file.Length;
        }
    }

    public ValueTask<long?> FindAsync(string digest, CancellationToken cancellationToken) => ValueTask.FromResult(Find(digest));

    public long? Find(string digest) => _sizes.TryGetValue(digest, out long size) ? size : null;

    public ValueTask<Stream> OpenAsync(string digest, CancellationToken cancellationToken)
    {
        if (!_sizes.ContainsKey(digest))
            throw RuntimeException.NotFound($"blob {digest} is not in the content store");
        try
        {
            return ValueTask.FromResult<Stream>(new FileStream(BlobFile(Digest.Parse(digest)), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 18, FileOptions.SequentialScan));
        }
        catch (FileNotFoundException)
        {
            _sizes.TryRemove(digest, out _);
            throw RuntimeException.NotFound($"blob {digest} has disappeared from the content store");
        }
    }

    /// <summary>A small blob, its digest verified.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.DataLoss"/> when the disk has changed it; it is removed then.</exception>
    public async Task<byte[]> ReadAsync(string digest, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(digest, cancellationToken);
        if (stream.Length > limit)
            throw RuntimeException.InvalidArgument($"blob {digest} has {stream.Length} bytes; {limit} are allowed here");
        byte[] bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var expected = Digest.Parse(digest);
        using var hash = new DigestHash(expected.Algorithm);
        hash.Append(bytes);
        if (hash.Finish() == expected)
            return bytes;
        await RemoveAsync(digest, cancellationToken);
        throw new RuntimeException(ErrorKind.DataLoss, $"blob {digest} was damaged on disk and is removed; pull its image again");
    }

    /// <summary>Reads a blob again and compares its digest; removes it when the disk has changed it.</summary>
    /// <returns>False when it was removed or is not here.</returns>
    public async Task<bool> VerifyAsync(string digest, CancellationToken cancellationToken)
    {
        if (Find(digest) is null)
            return false;
        var expected = Digest.Parse(digest);
        await using (var blob = new DigestStream(await OpenAsync(digest, cancellationToken), expected.Algorithm))
        {
            if (await Task.Run(blob.Finish, cancellationToken) == expected)
                return true;
        }

        await RemoveAsync(digest, cancellationToken);
        return false;
    }

    public async ValueTask<IContentWriter> WriteAsync(string digest, CancellationToken cancellationToken)
    {
        var parsed = ParseDigest(digest);
        var held = await _writers.EnterAsync(digest, cancellationToken);
        try
        {
            return await ContentWriter.OpenAsync(this, parsed, held, PartialFile(parsed), BlobFile(parsed), cancellationToken);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public async Task WriteAllAsync(string digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Find(digest) is not null)
            return;
        await using var writer = await WriteAsync(digest, cancellationToken);
        await writer.RestartAsync(cancellationToken);
        await writer.WriteAsync(bytes, cancellationToken);
        await writer.CommitAsync(cancellationToken);
    }

    public ValueTask RemoveAsync(string digest, CancellationToken cancellationToken)
    {
        _sizes.TryRemove(digest, out _);
        File.Delete(BlobFile(ParseDigest(digest)));
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([.. _sizes.Keys]);

    /// <summary>The digests of blobs that are half here.</summary>
    public IReadOnlyList<string> ListPartial() => [.. Directory.EnumerateFiles(PartialFolder).Select(f => Path.GetFileName(f).Replace('-', ':'))];

    public void RemovePartial(string digest) => File.Delete(Path.Combine(PartialFolder, digest.Replace(':', '-')));

    internal void Committed(Digest digest, long size) => _sizes[digest.ToString()] = size;

    private static Digest ParseDigest(string digest) =>
        Digest.TryParse(digest, out var parsed) ? parsed : throw RuntimeException.InvalidArgument($"\"{digest}\" is no digest");

    private string BlobFile(Digest digest) => Path.Combine(folder, "blobs", digest.Algorithm == DigestAlgorithm.Sha256 ? "sha256" : "sha512", digest.Hex);

    private string PartialFile(Digest digest) => Path.Combine(PartialFolder, digest.ToString().Replace(':', '-'));
}
