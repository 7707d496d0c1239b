using static Orlop.Cri.V1.SecurityProfile.Types;

namespace Orlop.NodeTests.Security;

public sealed class Seccomp(Node node) : NodeTest(node)
{
    private const string Mode = "grep ^Seccomp: /proc/self/status | cut -f2";

    [NodeFact]
    public async Task Unconfined_is_no_filter()
    {
        (await RunAsync(Mode, new SecurityProfile { ProfileType = ProfileType.Unconfined })).Output.Should().Be("0\n");
    }

    [NodeFact]
    public async Task The_default_profile_filters_and_refuses_new_user_namespaces()
    {
        var finished = await RunAsync($"{Mode}; unshare -U true || echo refused", new SecurityProfile { ProfileType = ProfileType.RuntimeDefault });

        finished.Lines.Should().Equal("2", "refused");
    }

    [NodeFact]
    public async Task The_default_profile_lets_ordinary_programs_work()
    {
        var finished = await RunAsync(
            "mkdir /a && touch /a/b && chmod 600 /a/b && chown 1:1 /a/b && ln -s b /a/c && ls /a | wc -l; seq 3 | sort -r | head -n 1; (sleep 0.01 & wait) && echo waited",
            new SecurityProfile { ProfileType = ProfileType.RuntimeDefault });

        finished.Lines.Should().Equal("2", "3", "waited");
    }

    [NodeFact]
    public async Task A_profile_of_the_node_decides()
    {
        var profile = WriteProfile("no-mkdir.json", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}""");

        var finished = await RunAsync($"{Mode}; mkdir /tmp/x 2>&1", new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = profile });

        finished.Lines[0].Should().Be("2");
        finished.Lines[1].Should().Contain("Function not implemented");
    }

    [NodeFact]
    public async Task A_profile_that_is_missing_or_broken_is_an_error_with_its_path()
    {
        var missing = await FailAsync("/nowhere/profile.json");
        missing.Should().Contain("/nowhere/profile.json");
        var broken = WriteProfile("broken.json", """{"defaultAction":"SCMP_ACT_NO_SUCH_ACTION"}""");
        (await FailAsync(broken)).Should().Contain("SCMP_ACT_NO_SUCH_ACTION");
    }

    [NodeFact]
    public async Task Exec_is_filtered_like_the_container()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.SecurityContext.Seccomp = new() { ProfileType = ProfileType.RuntimeDefault });

        (await container.ReadAsync(Mode)).Should().Be("2");
    }

    private async Task<Finished> RunAsync(string script, SecurityProfile profile)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, config => config.Linux.SecurityContext.Seccomp = profile);
    }

    private async Task<string> FailAsync(string profile)
    {
        await using var pod = await Node.RunPodAsync();
        var start = async () => await pod.StartAsync("true", config =>
            config.Linux.SecurityContext.Seccomp = new() { ProfileType = ProfileType.Localhost, LocalhostRef = profile });
        return (await start.Should().ThrowAsync<RpcException>()).Which.Status.Detail;
    }

    private string WriteProfile(string name, string json)
    {
        var path = Path.Combine(Node.Folder.Shared, name);
        File.WriteAllText(path, json);
        return path;
    }
}
