using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;
using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class ContainerLifeTests(TestNode node) : IClassFixture<TestNode>
{
    private static readonly TimeSpan Patience = Deadline.Seconds(30);

    [SupervisorFact]
    public async Task A_container_writes_to_its_log_and_ends_with_its_exit_code()
    {
        ISandbox pod = await node.RunPodAsync();

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "echo hello; exit 3"));

        output.Should().Be("hello\n");
        exit.Should().BeEquivalentTo(new { ExitCode = 3, Reason = ExitReason.Error, Message = "" });
    }

    [SupervisorFact]
    public async Task A_missing_command_is_a_start_error_with_code_128()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await pod.CreateContainerAsync(node.Container(pod, "servr"), TestNode.Silence.Instance, default);

        Func<Task> start = () => container.StartAsync(TestNode.Silence.Instance, default);

        (await start.Should().ThrowAsync<RuntimeException>()).WithMessage("*exec \"servr\": executable file not found in $PATH (/bin)*");
        (await container.Exit).Should().BeEquivalentTo(new { ExitCode = 128, Reason = ExitReason.StartFailed });
    }

    [SupervisorFact]
    public async Task A_command_in_a_volume_is_found_though_it_is_not_in_the_image()
    {
        Directory.CreateDirectory($"{node.Folder}/tools");
        File.Copy("/bin/busybox", $"{node.Folder}/tools/sh", overwrite: true);
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "echo $0").With(
            new Mount { Destination = "/tools", Type = "bind", Source = $"{node.Folder}/tools", Options = ["rbind", "rprivate", "ro"] });
        spec = spec.WithProcess(process => process with { Env = ["PATH=/nowhere:/tools"] });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Be("sh\n");
    }

    [SupervisorFact]
    public async Task A_second_start_is_refused()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        Func<Task> again = () => container.StartAsync(TestNode.Silence.Instance, default);

        (await again.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [SupervisorFact]
    public async Task A_signal_reaches_the_first_process()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "trap 'echo got it; exit 7' USR1; echo ready; while true; do sleep 0.1; done");
        IContainer container = await TestNode.StartAsync(pod, spec);
        await Eventually(() => TestNode.Output(spec).Contains("ready", StringComparison.Ordinal));

        await container.SignalAsync("SIGUSR1", default);

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(7);
        TestNode.Output(spec).Should().Be("ready\ngot it\n");
    }

    [SupervisorFact]
    public async Task Killing_it_is_137_and_may_be_repeated()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));
        container.ProcessId.Should().BePositive();

        await container.KillAsync(default);
        ContainerExit exit = await container.Exit.WaitAsync(Patience);
        await container.KillAsync(default);

        exit.ExitCode.Should().Be(137);
        container.ProcessId.Should().BeNull();
    }

    [SupervisorFact]
    public async Task Exceeding_the_memory_limit_is_told_as_out_of_memory()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "dd if=/dev/zero of=/dev/null bs=64M count=1")
            .WithResources(new Resources { Memory = new MemoryResources { Limit = 16 << 20, Swap = 16 << 20 } });

        (ContainerExit exit, _) = await TestNode.RunAsync(pod, spec);

        exit.Should().BeEquivalentTo(new { ExitCode = 137, Reason = ExitReason.OutOfMemory });
    }

    [SupervisorFact]
    public async Task A_command_answers_with_output_and_exit_code()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        ExecResult result = await container.ExecAsync(new ExecSpec { Command = ["sh", "-c", "echo out; echo err >&2; ps | grep -c sleep; exit 4"] }, default);

        result.ExitCode.Should().Be(4);
        Encoding.UTF8.GetString(result.Stdout.Span).Should().StartWith("out\n");
        Encoding.UTF8.GetString(result.Stderr.Span).Should().Be("err\n");
    }

    [SupervisorFact]
    public async Task A_command_that_takes_too_long_is_gone_with_its_children()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        Func<Task> exec = () => container.ExecAsync(new ExecSpec { Command = ["sh", "-c", "sleep 4321 & sleep 4321"], Timeout = TimeSpan.FromMilliseconds(300) }, default);

        (await exec.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        ExecResult processes = await container.ExecAsync(new ExecSpec { Command = ["ps"] }, default);
        Encoding.UTF8.GetString(processes.Stdout.Span).Should().NotContain("4321");
    }

    [SupervisorFact]
    public async Task A_missing_command_to_run_is_an_error_and_no_exit_code()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        Func<Task> exec = () => container.ExecAsync(new ExecSpec { Command = ["nope"] }, default);

        await exec.Should().ThrowAsync<RuntimeException>().WithMessage("*executable file not found in $PATH*");
    }

    [SupervisorFact]
    public async Task Output_of_a_command_is_cut_at_the_limit()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        ExecResult result = await container.ExecAsync(new ExecSpec { Command = ["sh", "-c", "dd if=/dev/zero bs=1k count=64 2>/dev/null; exit 2"], OutputLimit = 1000 }, default);

        result.Stdout.Length.Should().Be(1000);
        result.ExitCode.Should().Be(2);
    }

    [SupervisorFact]
    public async Task Nothing_can_run_in_a_container_that_does_not()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await pod.CreateContainerAsync(node.Container(pod, "sleep", "1000"), TestNode.Silence.Instance, default);

        Func<Task> exec = () => container.ExecAsync(new ExecSpec { Command = ["true"] }, default);

        (await exec.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [SupervisorFact]
    public async Task Input_is_open_only_when_it_is_asked_for()
    {
        ISandbox pod = await node.RunPodAsync();

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "cat; echo end"));

        exit.ExitCode.Should().Be(0);
        output.Should().Be("end\n");
    }

    [SupervisorFact]
    public async Task A_terminal_is_a_terminal()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = (node.Container(pod, "sh", "-c", "tty; stty size; stat -c '%u %a' $(tty); stat -c '%t:%T' /dev/console; echo err >&2; echo own > /dev/tty; exit 5") with { User = new UserRequest { Uid = 1000 } })
            .WithProcess(process => process with { Terminal = true, ConsoleSize = new ConsoleSize { Width = 100, Height = 30 } });

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Be("/dev/pts/0\n30 100\n1000 620\n88:0\nerr\nown\n");
        exit.ExitCode.Should().Be(5);
        File.ReadLines(spec.LogPath!).Should().OnlyContain(line => line.Contains(" stdout ", StringComparison.Ordinal));
    }

    [SupervisorFact]
    public async Task A_terminal_without_a_log_does_not_hold_its_process_up()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = (node.Container(pod, "seq", "1", "100000") with { LogPath = null }).WithProcess(process => process with { Terminal = true });

        IContainer container = await TestNode.StartAsync(pod, spec);

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(0);
    }

    [SupervisorFact]
    public async Task A_renamed_log_is_opened_anew()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "echo one; trap 'echo two; exit' USR1; while true; do sleep 0.1; done");
        IContainer container = await TestNode.StartAsync(pod, spec);
        await Eventually(() => TestNode.Output(spec) == "one\n");
        File.Move(spec.LogPath!, spec.LogPath + ".1");

        await container.ReopenLogAsync(default);
        File.Exists(spec.LogPath).Should().BeTrue();
        await container.SignalAsync("USR1", default);
        await container.Exit.WaitAsync(Patience);

        TestNode.Output(spec).Should().Be("two\n");
    }

    [SupervisorFact]
    public async Task Limits_can_change_while_it_runs_but_not_below_what_it_uses()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sleep", "1000").WithResources(new Resources { Memory = new MemoryResources { Limit = 64 << 20, Swap = 64 << 20 } });
        IContainer container = await TestNode.StartAsync(pod, spec);
        var update = (IUpdateResources)container;

        await update.UpdateResourcesAsync(new Resources { Memory = new MemoryResources { Limit = 128 << 20, Swap = 128 << 20 }, Cpu = new CpuResources { Shares = 300 } }, default);
        Func<Task> tooLow = () => update.UpdateResourcesAsync(new Resources { Memory = new MemoryResources { Limit = 512 << 10 } }, default);

        SandboxUsage usage = (await node.Backend.MeasureAsync(default)).Single(one => one.SandboxId == pod.Id);
        usage.Containers[container.Id].MemoryLimitBytes.Should().Be(128 << 20);
        if (usage.Containers[container.Id].WorkingSetBytes > 512 << 10)
            (await tooLow.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [SupervisorFact]
    public async Task Removing_takes_everything_along()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));
        Directory.Exists(MemoryFolder($"{pod.Id}/{container.Id}")).Should().BeTrue();
        string networkNamespace = pod.NetworkNamespace!;

        await container.RemoveAsync(TestNode.Silence.Instance, default);
        await container.RemoveAsync(TestNode.Silence.Instance, default);
        Directory.Exists(MemoryFolder($"{pod.Id}/{container.Id}")).Should().BeFalse();
        await pod.StopAsync(TestNode.Silence.Instance, default);
        File.Exists(networkNamespace).Should().BeTrue();
        await pod.RemoveAsync(TestNode.Silence.Instance, default);
        await pod.RemoveAsync(TestNode.Silence.Instance, default);

        File.Exists(networkNamespace).Should().BeFalse();
        Directory.Exists(MemoryFolder(pod.Id)).Should().BeFalse();
        Directory.GetDirectories($"{node.Folder}/state/pods").Should().NotContain($"{node.Folder}/state/pods/{pod.Id[..32]}");
        (await container.Exit).ExitCode.Should().Be(137);
    }

    private static string MemoryFolder(string path) => CgroupTree.For("memory").Folder($"/orlop/{path}");

    private static async Task Eventually(Func<bool> holds)
    {
        for (int i = 0; i < 300 && !holds(); i++) await Task.Delay(100);
        holds().Should().BeTrue();
    }
}
