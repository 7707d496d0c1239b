using System.Diagnostics;

namespace Orlop.Testing;

/// <summary>Waits for a condition instead of for a length of time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = Deadline.Seconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Repeats <paramref name="assertion"/> until it does not throw; after the timeout its last exception goes to the test.</summary>
    public static async Task PassesAsync(Func<Task> assertion, TimeSpan? timeout = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (watch.Elapsed < (timeout ?? Patience))
            {
                await Task.Delay(Interval);
            }
        }
    }

    /// <inheritdoc cref="PassesAsync(Func{Task}, TimeSpan?)"/>
    public static Task PassesAsync(Action assertion, TimeSpan? timeout = null) =>
        PassesAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            timeout);

    /// <summary>Repeats <paramref name="read"/> until its value satisfies <paramref name="accept"/>, and returns that value.</summary>
    public static async Task<T> GetsAsync<T>(Func<Task<T>> read, Func<T, bool> accept, string what, TimeSpan? timeout = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var value = await read();
            if (accept(value))
            {
                return value;
            }

            if (watch.Elapsed > (timeout ?? Patience))
            {
                throw new TimeoutException($"waited {watch.Elapsed.TotalSeconds:F0} s for: {what}; the last value was {value}");
            }

            await Task.Delay(Interval);
        }
    }
}
