using System.Net;
using Orlop.Abstractions.Errors;
using Polly;
using Polly.Retry;

namespace Orlop.Registry.Http;

/// <summary>When and how often a request is sent again.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Repeats what a busy or restarting server answered, and connections that broke; not what nobody answers at all.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="attempts">Repetitions at most.</param>
    /// <param name="delay">Before the first repetition; doubled for each further one. A server's Retry-After goes before it.</param>
    public static ResiliencePipeline<HttpResponseMessage> Create(TimeProvider time, int attempts, TimeSpan delay) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = attempts,
                Delay = delay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
                {
                    { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError } => true,
                    { Exception: RegistryException { Kind: ErrorKind.Unavailable, InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown } } } => true,
                    _ => false,
                }),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, time)),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        var header = response?.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is not { } asked ? null : asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestWait ? LongestWait : asked;
    }
}
