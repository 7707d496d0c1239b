namespace Orlop.Registry.Store;

/// <summary>
/// Held by whoever changes which content is referred to, and by the collector: so that nothing is removed between the
/// moment somebody finds it here and the moment they refer to it (R14).
/// </summary>
internal sealed class StoreGate : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        return new Held(_semaphore);
    }

    public void Dispose() => _semaphore.Dispose();

    private sealed class Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
