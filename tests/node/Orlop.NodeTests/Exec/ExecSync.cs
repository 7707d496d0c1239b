namespace Orlop.NodeTests.Exec;

public sealed class ExecSync(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task Exec_runs_as_the_container_does()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config =>
        {
            config.WorkingDir = "/home/default-user";
            config.Envs.Add(new KeyValue { Key = "VARIABLE", Value = Google.Protobuf.ByteString.CopyFromUtf8("value") });
            config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
            config.Linux.SecurityContext.Capabilities.DropCapabilities.Add("ALL");
        });

        (await container.ReadAsync("pwd; echo $VARIABLE; id -u; hostname; grep CapEff /proc/self/status | cut -f2"))
            .Should().Be($"/home/default-user\nvalue\n1000\n{pod.Config.Hostname}\n0000000000000000");
    }

    [NodeFact]
    public async Task A_program_that_is_not_there_is_an_error_with_its_name()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var exec = async () => await Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = container.Id, Cmd = { "no-such-program" } });

        (await exec.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no-such-program");
    }

    [NodeFact]
    public async Task Many_execs_at_once_keep_their_outputs_apart()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(async number => (number, await container.ReadAsync($"echo {number}; exit 0"))));

        results.Should().OnlyContain(result => result.Item2 == result.number.ToString());
    }

    [NodeFact]
    public async Task Exec_joins_the_container_cgroup()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources.MemoryLimitInBytes = 64 << 20);
        const string memoryCgroup = "grep -E ':memory:|^0::' /proc/{0}/cgroup | head -1";

        // On v2 in a part of it; what is outside of it begins with "/.." for whoever is in its cgroup namespace.
        (await container.ReadAsync(string.Format(memoryCgroup, "self"))).Should().StartWith(await container.ReadAsync(string.Format(memoryCgroup, "1"))).And.NotContain("..");
    }
}
