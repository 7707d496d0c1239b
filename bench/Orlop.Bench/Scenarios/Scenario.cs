using System.Diagnostics;

namespace Orlop.Bench.Scenarios;

internal abstract class Scenario
{
    public abstract string Name { get; }

    public abstract Task RunAsync(CancellationToken cancellationToken);

    protected static async Task<TimeSpan> TimedAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
