using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Host.Engine.Logs;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine;

public sealed class LogTeeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-tee-").FullName;

    [Fact]
    public async Task Lines_reach_the_sink_across_a_rotation_until_the_end()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync(EngineFixture.Pod() with { LogDirectory = _folder });
        string log = Path.Join(_folder, "0.log");
        var sink = new Collector();
        var tee = new LogTee([sink], engine.Runtime.Parts.Events, engine.Runtime.Parts.Book, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = tee.RunAsync(stop.Token);

        await File.WriteAllTextAsync(log, "one\ntwo\nthr");
        var container = await engine.StartAsync(pod, EngineFixture.Container() with { LogPath = "0.log" });
        await sink.UntilAsync("one", "two");
        await File.AppendAllTextAsync(log, "ee\n");
        await sink.UntilAsync("one", "two", "three");
        File.Move(log, log + ".1");
        await File.AppendAllTextAsync(log + ".1", "four\n");
        await File.WriteAllTextAsync(log, "five\n");
        tee.Rotated(container.Id);
        await sink.UntilAsync("one", "two", "three", "four", "five");
        await File.AppendAllTextAsync(log, "last\n");
        container.End(0, Abstractions.Execution.ExitReason.Completed);
        await sink.UntilAsync("one", "two", "three", "four", "five", "last");

        await stop.CancelAsync();
        await running.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_sink_that_throws_gets_the_next_line()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync(EngineFixture.Pod() with { LogDirectory = _folder });
        var sink = new Collector { Refuses = "one" };
        var tee = new LogTee([sink], engine.Runtime.Parts.Events, engine.Runtime.Parts.Book, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = tee.RunAsync(stop.Token);

        await File.WriteAllTextAsync(Path.Join(_folder, "0.log"), "one\ntwo\n");
        await engine.StartAsync(pod, EngineFixture.Container() with { LogPath = "0.log" });
        await sink.UntilAsync("two");

        await stop.CancelAsync();
        await running.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Collector : ILogSink
    {
        private readonly List<string> _lines = [];

        public string Name => "collector";

        public string? Refuses { get; init; }

        public ValueTask WriteAsync(LogLine line, CancellationToken cancellationToken)
        {
            string text = Encoding.UTF8.GetString(line.Entry.Span);
            if (text == Refuses) throw new InvalidOperationException("no");
            lock (_lines) _lines.Add(text);
            return ValueTask.CompletedTask;
        }

        public async Task UntilAsync(params string[] expected)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (true)
            {
                lock (_lines)
                {
                    if (_lines.SequenceEqual(expected)) return;
                }

                await Task.Delay(5, patience.Token);
            }
        }
    }
}
