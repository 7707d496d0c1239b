using Orlop.Abstractions.Errors;

namespace Orlop.Registry.Http;

/// <summary>How long a host may take for one answer; what is not a blob comes within that time or not at all.</summary>
internal sealed class Patience(TimeSpan longest, TimeProvider time)
{
    /// <summary>Waits for an answer, or a part of it.</summary>
    /// <param name="who">Is named when it takes too long.</param>
    /// <param name="ask">What is waited for; it ends when its token says so.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RegistryException"><see cref="ErrorKind.Unavailable"/> when it takes too long.</exception>
    public async Task<T> WaitAsync<T>(string who, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"{who} did not answer within {longest.TotalSeconds:0.#} s", e);
        }
    }
}
