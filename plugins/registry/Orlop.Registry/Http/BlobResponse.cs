namespace Orlop.Registry.Http;

/// <summary>The bytes of a blob on their way.</summary>
/// <param name="response">Disposed with this.</param>
/// <param name="body">The bytes.</param>
/// <param name="offset">Which byte of the blob the first one is.</param>
internal sealed class BlobResponse(HttpResponseMessage response, Stream body, long offset) : IAsyncDisposable
{
    public Stream Body => body;

    /// <summary>0 where the registry does not serve ranges.</summary>
    public long Offset => offset;

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
    }
}
