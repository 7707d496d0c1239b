namespace Orlop.NodeTests.Logs;

public sealed class ContainerLogs(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task Lines_carry_their_time_stream_and_tag()
    {
        await using var pod = await Node.RunPodAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        var container = await pod.StartAsync("echo out; echo err >&2; echo; echo 'a  b '");
        await container.WaitForExitAsync();

        var log = container.Log();
        log.Where(line => line.Stream == "stdout").Select(line => line.Text).Should().Equal("out", "", "a  b ");
        log.Where(line => line.Stream == "stderr").Select(line => line.Text).Should().Equal("err");
        log.Should().OnlyContain(line => !line.IsPartial && line.Time >= before && line.Time <= DateTimeOffset.UtcNow.AddSeconds(1));
        (await File.ReadAllTextAsync(container.LogPath)).Should().MatchRegex(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(Z|[+-]\d\d:\d\d) stdout F out$");
    }

    [NodeFact]
    public async Task The_file_is_there_as_soon_as_the_container_has_started()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        File.Exists(container.LogPath).Should().BeTrue();
    }

    [NodeFact]
    public async Task A_line_without_end_is_kept_as_a_partial_one()
    {
        await using var pod = await Node.RunPodAsync();

        var container = await pod.StartAsync("echo whole; printf 'no end'");
        await container.WaitForExitAsync();

        container.Log().Select(line => line.Text).Should().Equal("whole", "no end");
    }

    [NodeFact]
    public async Task A_long_line_is_cut_into_partial_ones_that_join_to_the_whole()
    {
        await using var pod = await Node.RunPodAsync();

        var container = await pod.StartAsync("head -c 100000 /dev/zero | tr '\\0' x; echo end");
        await container.WaitForExitAsync();

        var log = container.Log();
        log.Should().HaveCountGreaterThan(1);
        log.SkipLast(1).Should().OnlyContain(line => line.IsPartial);
        log[^1].IsPartial.Should().BeFalse();
        LogLine.Join(log, "stdout").Should().Be(new string('x', 100_000) + "end\n");
    }

    [NodeFact]
    public async Task Rotation_under_load_loses_and_doubles_no_line()
    {
        const int chunks = 60, chunk = 5000;
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync($"i=0; while [ $i -lt {chunks} ]; do seq $((i * {chunk} + 1)) $(((i + 1) * {chunk})); i=$((i + 1)); usleep 20000; done");

        var files = new List<string>();
        while ((await container.StatusAsync()).State == ContainerState.ContainerRunning)
        {
            var rotated = $"{container.LogPath}.{files.Count:D4}";
            File.Move(container.LogPath, rotated);
            files.Add(rotated);
            try
            {
                await Node.Cri.Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });
                File.Exists(container.LogPath).Should().BeTrue("the new file is there when the call returns");
            }
            catch (RpcException) when (File.Exists(container.LogPath) is false)
            {
                break; // the container exited between its status and the call
            }
        }

        await container.WaitForExitAsync();
        files.Should().HaveCountGreaterThan(3);
        var lines = files.Append(container.LogPath).Where(File.Exists).SelectMany(LogLine.ParseFile).ToList();
        LogLine.Join(lines, "stdout").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)
            .Should().Equal(Enumerable.Range(1, chunks * chunk));
    }

    [NodeFact]
    public async Task Reopen_of_an_exited_container_makes_no_file()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("echo done");
        await container.WaitForExitAsync();
        File.Move(container.LogPath, container.LogPath + ".old");

        var reopen = async () => await Node.Cri.Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });

        await reopen.Should().ThrowAsync<RpcException>();
        File.Exists(container.LogPath).Should().BeFalse();
    }

    [NodeFact]
    public async Task A_deleted_log_disturbs_nobody()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("echo ready; while :; do echo more; sleep 0.05; done");
        await container.WaitForLogAsync("ready");

        File.Delete(container.LogPath);
        await Node.Cri.Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });

        await container.WaitForLogAsync("more");
    }

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
