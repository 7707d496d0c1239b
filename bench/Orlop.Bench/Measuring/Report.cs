using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orlop.Bench.Measuring;

/// <summary>Times pieces of work and writes one line for each figure.</summary>
internal sealed class Report(string runtime, TextWriter output, CpuMeter cpu)
{
    /// <summary>Times work many times, some of it at once.</summary>
    /// <param name="figure">What is measured.</param>
    /// <param name="rounds">How often in all.</param>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="work">The work; it returns what was timed.</param>
    public async Task TimeAsync(string figure, int rounds, int atOnce, Func<int, Task<TimeSpan>> work)
    {
        await work(-1); // caches and code are warm in every runtime, or in none
        var times = new List<double>();
        var before = cpu.Read();
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < rounds; done += atOnce)
        {
            int number = done;
            var batch = await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, rounds - done)).Select(i => work(number + i)));
            times.AddRange(batch.Select(t => t.TotalMilliseconds));
        }

        times.Sort();
        Write(new JsonObject
        {
            ["figure"] = atOnce == 1 ? figure : $"{figure}, {atOnce} at once",
            ["p50"] = Round(times[times.Count / 2]),
            ["p99"] = Round(times[Math.Min(times.Count - 1, times.Count * 99 / 100)]),
            ["min"] = Round(times[0]),
            ["unit"] = "ms",
            ["rounds"] = times.Count,
            ["cpu"] = cpu.Read() is { } after && before is { } first ? Round((after - first).TotalMilliseconds / times.Count) : null,
            ["wall"] = Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds),
        });
    }

    public void Value(string figure, double value, string unit) => Write(new JsonObject { ["figure"] = figure, ["p50"] = Round(value), ["unit"] = unit });

    private void Write(JsonObject line)
    {
        line.Insert(0, "runtime", runtime);
        output.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
        output.Flush();
    }

    private static double Round(double value) => Math.Round(value, 3);
}
