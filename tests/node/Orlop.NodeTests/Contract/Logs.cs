namespace Orlop.NodeTests.Contract;

/// <summary>Log files and their rotation; points 36 to 38 of the contract with the kubelet.</summary>
public sealed class Logs(Node node) : NodeTest(node)
{
    // Point 36.
    [NodeFact]
    public async Task The_file_is_there_as_soon_as_the_container_has_started()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        File.Exists(container.LogPath).Should().BeTrue();
    }

    // Point 36.
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

    // Point 36.
    [NodeFact]
    public async Task A_line_without_end_is_kept_as_a_partial_one()
    {
        await using var pod = await Node.RunPodAsync();

        var container = await pod.StartAsync("echo whole; printf 'no end'");
        await container.WaitForExitAsync();

        container.Log().Select(line => line.Text).Should().Equal("whole", "no end");
    }

    // Point 36.
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

    // Point 37.
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

    // Point 37.
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

    // Point 37.
    [NodeFact]
    public async Task Status_lists_and_logs_answer_while_a_stop_waits()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await container.WaitForLogAsync("ready");
        var patient = container.StopAsync(TimeSpan.FromMinutes(5));

        (await container.StatusAsync().WaitAsync(Deadline.Seconds(5))).State.Should().Be(ContainerState.ContainerRunning);
        await Node.Cri.Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id }, deadline: DateTime.UtcNow + Deadline.Seconds(5));
        await Node.Cri.Runtime.ListContainersAsync(new(), deadline: DateTime.UtcNow + Deadline.Seconds(5));

        await container.StopAsync(TimeSpan.Zero);
        await patient;
    }

    // Point 38.
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
}
