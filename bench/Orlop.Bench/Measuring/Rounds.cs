using System.Diagnostics;
using Grpc.Core;
using Orlop.Bench.Nodes;

namespace Orlop.Bench.Measuring;

/// <summary>Times the same work on all runtimes in turns, so that whatever else the machine does meets them alike.</summary>
internal sealed class Rounds(IReadOnlyList<BenchNode> nodes, Results results)
{
    /// <summary>What a runtime does after its answer belongs to the work.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures.</summary>
    /// <param name="figure">Its name.</param>
    /// <param name="samples">How many for each runtime.</param>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="work">A piece of work with a number of its own; returns what was timed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task MeasureAsync(string figure, int samples, int atOnce, Func<BenchNode, int, Task<TimeSpan>> work, CancellationToken cancellationToken)
    {
        string name = atOnce == 1 ? figure : $"{figure}, {atOnce} at once";
        var samplesOf = nodes.ToDictionary(node => node, _ => new Samples());
        int batches = (samples + atOnce - 1) / atOnce;
        for (int batch = -1; batch < batches; batch++) // the first one warms caches and code
        {
            for (int turn = 0; turn < nodes.Count; turn++)
            {
                var node = nodes[(turn + batch + 1) % nodes.Count];
                int first = (batch + 1) * atOnce;
                double? before = node.Cpu.Read();
                var times = await BatchAsync(name, node, Enumerable.Range(first, atOnce).Select(number => work(node, number)));
                await Task.Delay(Settling, cancellationToken);
                if (batch >= 0) samplesOf[node].Add(times, node.Cpu.Read() - before);
            }
        }

        foreach (var (node, taken) in samplesOf) results.Add(taken.ToFigure(name, node.Name));
    }

    private static async Task<TimeSpan[]> BatchAsync(string figure, BenchNode node, IEnumerable<Task<TimeSpan>> batch)
    {
        try
        {
            return await Task.WhenAll(batch);
        }
        catch (RpcException e)
        {
            throw new InvalidOperationException($"{figure}: {node.Name} failed: {e.Status}", e);
        }
    }

    /// <summary>Times a piece of work.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
