namespace Orlop.NodeTests.Logs;

public sealed class ContainerLogs(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_container_without_a_log_path_runs()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("echo nowhere; exit 4", config => config.LogPath = "");

        (await container.WaitForExitAsync()).ExitCode.Should().Be(4);
    }

    [NodeFact]
    public async Task Output_that_a_grandchild_writes_after_the_exit_does_not_hold_the_container()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod);
        var container = await pod.StartAsync("setsid sleep 1000 & echo out; exit 5");

        var status = await container.WaitForExitAsync(Deadline.Seconds(10));

        status.ExitCode.Should().Be(5);
        LogLine.Join(container.Log(), "stdout").Should().Be("out\n");
    }
}
