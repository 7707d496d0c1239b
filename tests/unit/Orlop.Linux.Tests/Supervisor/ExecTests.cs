using System.Diagnostics;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class ExecTests
{
    [SupervisorFact]
    public void Output_and_errors_come_apart_and_complete()
    {
        using var supervisor = new LiveSupervisor();

        (ExitNotice exit, string output, string error) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "seq 1 50000; echo oops >&2; exit 3" });

        new WaitStatus(exit.Status).ExitCode.Should().Be(3);
        output.Should().Be(string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i}\n")));
        error.Should().Be("oops\n");
        exit.DroppedBytes.Should().Be(0);
        supervisor.Describe().Processes.Should().BeEmpty("an exec is forgotten at its end");
        Directory.GetFiles(Path.Combine(supervisor.Folder, ExitRecord.Folder)).Should().BeEmpty();
    }

    [SupervisorFact]
    public void Output_over_the_limit_is_dropped_and_does_not_hold_the_process_up()
    {
        using var supervisor = new LiveSupervisor();

        (ExitNotice exit, string output, string error) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, CaptureLimit = 1000, Script = "seq 1 100000; echo short >&2" });

        output.Should().HaveLength(1000);
        error.Should().Be("short\n");
        exit.Status.Should().Be(0);
        exit.DroppedBytes.Should().Be(Enumerable.Range(1, 100_000).Sum(i => $"{i}\n".Length) - 1000);
    }

    [SupervisorFact]
    public void A_grandchild_that_holds_the_output_delays_the_answer_by_two_seconds_at_most()
    {
        using var supervisor = new LiveSupervisor();
        var watch = Stopwatch.StartNew();

        (ExitNotice exit, string output, _) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "sleep 60 & echo done" });

        output.Should().Be("done\n");
        exit.Status.Should().Be(0);
        exit.OutputCut.Should().BeTrue();
        watch.Elapsed.Should().BeLessThan(Deadline.Seconds(10));
    }

    [SupervisorFact]
    public void A_deadline_ends_the_exec_and_its_group()
    {
        using var supervisor = new LiveSupervisor();
        var watch = Stopwatch.StartNew();

        (ExitNotice exit, string output, _) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, RunTimeout = 300, Script = "echo started; sleep 1000 & sleep 1000" });

        exit.TimedOut.Should().BeTrue();
        exit.OutputCut.Should().BeFalse("the whole group is gone");
        new WaitStatus(exit.Status).Signal.Should().Be(Signals.Kill);
        output.Should().Be("started\n");
        watch.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [SupervisorFact]
    public async Task An_exec_ends_with_the_connection_that_launched_it()
    {
        using var supervisor = new LiveSupervisor();
        (LaunchRequest request, IReadOnlyList<SafeFileDescriptor> descriptors) = new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "exec sleep 1000" }.Build();
        int pid;
        using (SupervisorConnection other = supervisor.Connect())
        {
            other.Send(request.ToFrame(5, descriptors.Count), descriptors);
            pid = LaunchedReply.Read(other.Receive()!.Body).ProcessId;
        }

        await Eventually.PassesAsync(() =>
        {
            supervisor.Describe().Processes.Should().BeEmpty();
            Directory.Exists($"/proc/{pid}").Should().BeFalse();
        });
    }

    [SupervisorFact]
    public async Task A_client_that_does_not_read_holds_up_its_own_exec_and_nobody_else()
    {
        using var supervisor = new LiveSupervisor();
        (LaunchRequest request, IReadOnlyList<SafeFileDescriptor> descriptors) =
            new TestLaunch("flood") { Kind = ProcessKind.Exec, CaptureLimit = int.MaxValue, Script = "exec yes" }.Build();
        SupervisorConnection lazy = supervisor.Connect();
        lazy.Send(request.ToFrame(5, descriptors.Count), descriptors);
        await Eventually.PassesAsync(() => supervisor.Describe("flood").State.Should().Be(ProcessState.Running));

        (_, string output, _) = supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, Script = "echo hello" });
        output.Should().Be("hello\n");
        for (long read = 0; read < 3 << 20;) read += OutputChunkLength(lazy.Receive()!); // it goes on when it is read again
        lazy.Dispose();

        await Eventually.PassesAsync(() => supervisor.Describe().Processes.Should().BeEmpty());
        supervisor.Describe().LastFault.Should().BeEmpty();
    }

    private static int OutputChunkLength(ReceivedFrame frame) => frame.Kind == MessageKind.Output ? OutputChunk.Read(frame.Body).Data.Length : 0;
}
