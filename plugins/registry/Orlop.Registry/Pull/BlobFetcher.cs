using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Layers.Digests;
using Orlop.Registry.Content;
using Orlop.Registry.Http;
using Orlop.Snapshots;

namespace Orlop.Registry.Pull;

/// <summary>Brings blobs into the content store: each only once at a time, resumed where a connection broke, and only so many at once.</summary>
internal sealed class BlobFetcher(ContentStore content, RegistryLimits limits, TimeProvider time, int maxConcurrent, ILogger<BlobFetcher> logger) : IDisposable
{
    private const int MaxInterruptions = 5; // in a row, without a single byte in between
    private const int BufferSize = 1 << 17;

    private readonly KeyedLock _blobs = new();
    private readonly SemaphoreSlim _slots = new(maxConcurrent, maxConcurrent);

    /// <summary>Fetches a blob unless it is here.</summary>
    /// <param name="client">The repository, with the credentials of this caller.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="size">Its bytes; a registry that sends others is not believed.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellationToken">Cancels; what is here stays for the next attempt.</param>
    public async Task FetchAsync(RegistryClient client, Digest digest, long size, PullProgressCounter progress, CancellationToken cancellationToken)
    {
        // Whoever else wants the same blob waits, and then finds it here; or goes on where the first one failed.
        using var held = await _blobs.EnterAsync(digest.ToString(), cancellationToken);
        if (content.Find(digest.ToString()) is { } present)
        {
            if (present == size)
            {
                progress.Fetched(digest.ToString(), size);
                return;
            }

            await content.RemoveAsync(digest.ToString(), cancellationToken); // cut off behind our back
        }

        await _slots.WaitAsync(cancellationToken);
        try
        {
            await using var writer = await content.WriteAsync(digest.ToString(), cancellationToken);
            bool resumes = writer.Offset > 0;
            await FetchAsync(client, digest, size, writer, progress, cancellationToken);
            try
            {
                await writer.CommitAsync(cancellationToken);
            }
            catch (RuntimeException e) when (e.Kind == ErrorKind.DataLoss && resumes)
            {
                // What an earlier run left was not what it had received: a power cut. Once more from the start.
                await FetchAsync(client, digest, size, writer, progress, cancellationToken);
                await writer.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task FetchAsync(
        RegistryClient client, Digest digest, long size, IContentWriter writer, PullProgressCounter progress, CancellationToken cancellationToken)
    {
        if (writer.Offset > size)
            await writer.RestartAsync(cancellationToken);
        for (int interruptions = 0; writer.Offset < size || size == 0;)
        {
            long before = writer.Offset;
            try
            {
                await using var response = await client.OpenBlobAsync(digest, before, cancellationToken);
                if (response.Offset != before)
                    await writer.RestartAsync(cancellationToken);
                await CopyAsync(response.Body, digest, size, writer, progress, cancellationToken);
                if (writer.Offset == size)
                    return;
                throw new IOException($"the registry sent {writer.Offset} of {size} bytes");
            }
            catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
            {
                interruptions = writer.Offset > before ? 0 : interruptions + 1;
                if (interruptions > MaxInterruptions)
                    throw new RegistryException(ErrorKind.Unavailable, $"blob {digest} breaks off again and again at byte {writer.Offset}: {e.Message}", e);
                logger.FetchInterrupted(digest.ToString(), writer.Offset, e.Message);
                await Task.Delay(limits.RetryDelay * interruptions, time, cancellationToken);
            }
        }
    }

    private async Task CopyAsync(Stream body, Digest digest, long size, IContentWriter writer, PullProgressCounter progress, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(limits.StallTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            stalled.CancelAfter(limits.StallTimeout);
            int read;
            try
            {
                read = await body.ReadAsync(buffer, both.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"no byte for {limits.StallTimeout.TotalSeconds:0.#} s", e);
            }

            if (read == 0)
                return;
            if (writer.Offset + read > size)
            {
                await writer.RestartAsync(cancellationToken);
                throw new RegistryException(ErrorKind.DataLoss, $"the registry sends more than the {size} bytes that the manifest gives blob {digest}");
            }

            await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress.ReceivedFromNetwork(read);
            progress.Fetched(digest.ToString(), writer.Offset);
        }
    }
}
