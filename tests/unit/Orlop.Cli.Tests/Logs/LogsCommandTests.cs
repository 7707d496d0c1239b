using System.Text;
using Orlop.Cli.Tests.Commands;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Logs;

public sealed class LogsCommandTests
{
    private const string Log = """
        2026-03-01T11:50:00.5Z stdout F one
        2026-03-01T11:58:00Z stderr F two
        2026-03-01T11:59:00Z stdout P thr
        2026-03-01T11:59:01Z stdout F ee
        left by someone else

        """;

    [Fact]
    public async Task Output_and_errors_go_their_ways_and_cut_lines_are_whole_again()
    {
        await using var runtime = await StartAsync(Log);

        (await runtime.RunAsync("logs", "web")).Should().Be(new CliResult(0, "one\nthree\nleft by someone else\n", "two\n"));
    }

    [Theory]
    [InlineData("one\nthree\nleft by someone else\n", "two\n", "--tail", "4")]
    [InlineData("three\nleft by someone else\n", "", "--tail", "2")]
    [InlineData("", "", "--tail", "0")]
    [InlineData("three\nleft by someone else\n", "two\n", "--since", "2m30s")]
    [InlineData("three\nleft by someone else\n", "", "--since", "2026-03-01T11:58:30Z")]
    [InlineData("2026-03-01T11:50:00.5Z one\n2026-03-01T11:59:00Z three\nleft by someone else\n", "2026-03-01T11:58:00Z two\n", "--timestamps")]
    public async Task A_part_can_be_asked_for(string output, string error, params string[] options)
    {
        await using var runtime = await StartAsync(Log);

        (await runtime.RunAsync(["logs", "web", .. options])).Should().Be(new CliResult(0, output, error));
    }

    [Fact]
    public async Task Following_goes_through_rotation_and_ends_with_the_container()
    {
        await using var runtime = await StartAsync("2026-03-01T11:50:00Z stdout F before\n");
        var status = runtime.Node.Containers[0].Status;
        using var output = new Written();
        using var error = new MemoryStream();
        var running = Hosting.OrlopCli.RunAsync(["logs", "-f", "web"], runtime.Context(output, error));
        await output.UntilAsync("before\n");

        // As the kubelet rotates: rename, then the runtime opens a new file; what still went to the old one is not lost.
        File.Move(status.LogPath, status.LogPath + ".1");
        await File.AppendAllTextAsync(status.LogPath + ".1", "2026-03-01T11:50:01Z stdout F late\n");
        await output.UntilAsync("late\n");
        await File.WriteAllTextAsync(status.LogPath, "2026-03-01T11:50:02Z stdout F after\n2026-03-01T11:50:03Z stdout P last words");
        await output.UntilAsync("after\n");
        lock (runtime.Node.Gate)
            status.State = ContainerState.ContainerExited;

        (await running.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be(0);
        output.Text.Should().Be("before\nlate\nafter\nlast words\n");
    }

    [Fact]
    public async Task Ctrl_C_ends_following()
    {
        await using var runtime = await StartAsync("2026-03-01T11:50:00Z stdout F here\n");
        using var output = new Written();
        using var error = new MemoryStream();
        var running = Hosting.OrlopCli.RunAsync(["logs", "-f", "web"], runtime.Context(output, error));
        await output.UntilAsync("here\n");

        runtime.Signals.Raise(2);

        (await running.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be(130);
    }

    [Fact]
    public async Task A_log_that_is_not_here_is_an_error()
    {
        await using var runtime = await StartAsync(Log);
        File.Delete(runtime.Node.Containers[0].Status.LogPath);

        (await runtime.RunAsync("logs", "web")).Error.Should().EndWith("is not there or not readable; run this on the container's node, as root\n");
    }

    private static async Task<FakeRuntime> StartAsync(string log)
    {
        var runtime = await FakeRuntime.StartAsync();
        var pod = SampleNode.AddPod(runtime.Node, "shop", PodSandboxState.SandboxReady, TimeSpan.Zero);
        var web = SampleNode.AddContainer(runtime.Node, pod, SampleNode.Web, "web", ContainerState.ContainerRunning, TimeSpan.Zero);
        web.LogPath = runtime.Write("0.log", log);
        return runtime;
    }

    /// <summary>A stream whose reader waits for what the program writes.</summary>
    private sealed class Written : MemoryStream
    {
        private readonly Lock _gate = new();

        public string Text
        {
            get
            {
                lock (_gate)
                    return Encoding.UTF8.GetString(ToArray());
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_gate)
                base.Write(buffer);
        }

        public async Task UntilAsync(string end)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (!Text.EndsWith(end, StringComparison.Ordinal))
                await Task.Delay(10, limit.Token);
        }
    }
}
