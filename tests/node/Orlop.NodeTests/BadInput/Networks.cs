using Orlop.Testing.Machines;

namespace Orlop.NodeTests.BadInput;

/// <summary>What the programs of a pod network may do wrong. The pod is not made, its namespace and record are gone, and the next one is made.</summary>
public sealed class Networks() : OwnNodeTest(new NodeOptions { PluginSettings = { ["cni"] = "timeout_seconds = 5" } })
{
    [NodeTheory]
    [InlineData("fails", """[ $CNI_COMMAND = ADD ] && { echo '{"cniVersion":"1.0.0","code":11,"msg":"no address left"}'; exit 1; }; exit 0""", "no address left")]
    [InlineData("dies", "[ $CNI_COMMAND = ADD ] && kill -9 $$; exit 0", "137")]
    [InlineData("hangs", "[ $CNI_COMMAND = ADD ] && sleep 54321; exit 0", "did not end within")]
    [InlineData("garbage", "[ $CNI_COMMAND = ADD ] && head -c 1000 /dev/urandom; exit 0", "garbage")]
    [InlineData("silent", "exit 0", "silent")]
    [InlineData("endless", "[ $CNI_COMMAND = ADD ] && yes; exit 0", "endless")]
    [InlineData("homeless", """[ $CNI_COMMAND = ADD ] && echo '{"cniVersion":"1.0.0","interfaces":[],"ips":[]}'; exit 0""", "address")]
    public async Task A_program_that_misbehaves_is_named_with_what_it_did(string program, string script, string words)
    {
        Node.Folder.WriteNetworkProgram(program, $"cat >/dev/null; [ $CNI_COMMAND = VERSION ] && {{ echo '{{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[\"1.0.0\"]}}'; exit 0; }}; {script}");

        var error = await RunFailsWithAsync(program);

        error.Should().Contain(program).And.Contain(words);
        (await Command.RunAsync("/bin/sh", "-c", "pgrep -f 'sleep 5432[1]' || true")).Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_program_that_is_missing_is_named_with_the_folders_that_were_searched()
    {
        (await RunFailsWithAsync("not-installed")).Should().Contain("not-installed").And.Contain("/usr/lib/cni");
    }

    [NodeFact]
    public async Task A_program_that_cannot_be_executed_is_named()
    {
        Node.Folder.WriteNetworkProgram("text", "");
        await File.WriteAllTextAsync(Path.Combine(Node.Folder.NetworkPlugins, "text"), "no program");

        (await RunFailsWithAsync("text")).Should().Contain("text");
    }

    private async Task<string> RunFailsWithAsync(string program)
    {
        var bad = Path.Combine(Node.Folder.NetworkConfigurations, "00-bad.conflist"); // before the good one
        await File.WriteAllTextAsync(bad, $$"""{ "cniVersion": "1.0.0", "name": "bad-{{program}}", "plugins": [ { "type": "{{program}}" } ] }""");
        var config = Node.PodConfig();
        string error;
        try
        {
            await Eventually.PassesAsync(() => Node.Log.Text.Should().Contain($"bad-{program}", "the daemon says which network it uses"));
            var run = async () => await Node.RunPodAsync(config);
            var status = (await run.Should().ThrowAsync<RpcException>()).Which.Status;
            status.StatusCode.Should().BeOneOf(StatusCode.Unavailable, StatusCode.DeadlineExceeded); // no fault of orlopd, whose log would have a stack trace
            error = status.Detail;
        }
        finally
        {
            File.Delete(bad);
        }

        var filter = new PodSandboxFilter { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } };
        (await Node.Cri.Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items.Should().BeEmpty();
        (await Node.Namespaces.RunAsync("ls /run/netns")).Should().BeEmpty();
        await Eventually.PassesAsync(async () =>
        {
            await using var pod = await Node.RunPodAsync(config);
            (await pod.AddressAsync()).Should().StartWith("10.88.");
        });
        return error;
    }
}
