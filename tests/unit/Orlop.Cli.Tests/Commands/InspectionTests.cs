using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

public sealed class InspectionTests
{
    private const string Trace = """
        [{"operation":"RunPodSandbox","startedAt":"2026-03-01T11:58:00.125Z","durationMs":40.0,"error":null,"phases":[
          {"name":"sandbox","depth":0,"startMs":0.5,"durationMs":4.5,"note":null},
          {"name":"supervisor","depth":1,"startMs":1.0,"durationMs":3.25,"note":"pid 4711"},
          {"name":"network","depth":0,"startMs":5.0,"durationMs":34.5,"note":"cni: bridge"}]},
         {"operation":"CreateContainer","startedAt":"2026-03-01T11:58:01Z","durationMs":1250,"error":"no space left on device","phases":[]}]
        """;

    [Theory]
    [InlineData("status.txt", "status")]
    [InlineData("status.json", "status", "--output", "json")]
    public async Task Status_says_what_is_not_ready_and_answers_1(string golden, params string[] arguments)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        Conditions(runtime.Node, networkReady: false);

        var result = await runtime.RunAsync(arguments);

        result.Code.Should().Be(1);
        result.Output.ShouldMatchGolden(golden);
    }

    [Fact]
    public async Task Status_answers_0_when_all_conditions_hold()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        Conditions(runtime.Node, networkReady: true);

        (await runtime.RunAsync("status")).Code.Should().Be(0);
    }

    [Theory]
    [InlineData("plugins.txt", "plugins")]
    [InlineData("plugins.json", "plugins", "--output", "json")]
    [InlineData("config-show.txt", "config", "show")]
    [InlineData("version.txt", "version")]
    [InlineData("version.json", "version", "--output", "json")]
    public async Task What_the_daemon_says_of_itself_looks_as_documented(string golden, params string[] arguments)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Status.Info["plugins"] = """
            [{"id":"linux-native","version":"0.1.0","state":"Active","reason":null,"kinds":["IExecutionBackend"],"folder":"/usr/lib/orlop/plugins/linux-native"},
             {"id":"windows-hcs","version":"0.1.0","state":"Skipped","reason":"this is not Windows","kinds":[],"folder":"/usr/lib/orlop/plugins/windows-hcs"}]
            """;
        runtime.Node.Status.Info["config"] = """
            [{"key":"socket","value":"/run/orlop/orlop.sock","origin":"default"},
             {"key":"plugin_folders","value":["/usr/lib/orlop/plugins"],"origin":"/etc/orlop/config.toml:3"},
             {"key":"socket_gid","value":0,"origin":"default"}]
            """;

        var result = await runtime.RunAsync(arguments);

        result.Code.Should().Be(0, result.Error);
        result.Output.ShouldMatchGolden(golden);
    }

    [Fact]
    public async Task Another_runtimes_answer_without_plugins_is_an_error_and_no_crash()
    {
        await using var runtime = await FakeRuntime.StartAsync();

        var missing = await runtime.RunAsync("plugins");
        runtime.Node.Status.Info["plugins"] = "not json";
        var broken = await runtime.RunAsync("plugins");

        (missing.Code, broken.Code).Should().Be((1, 1));
        missing.Error.Should().Be("orlop: list the plugins: the runtime's answer has no \"plugins\"; see which runtime answers with: orlop version\n");
        broken.Error.Should().StartWith("orlop: list the plugins: the runtime's answer \"plugins\" is not as expected: ");
    }

    [Fact]
    public async Task A_trace_is_a_waterfall()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.PodInfo["trace"] = Trace;

        (await runtime.RunAsync("trace", "shop")).Output.ShouldMatchGolden("trace.txt");
    }

    [Fact]
    public async Task Inspect_shows_the_status_and_the_info_as_one_object()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.ContainerInfo["info"] = """{"pid":4711,"snapshotter":"overlay"}""";
        runtime.Node.ContainerInfo["note"] = "plain text";

        (await runtime.RunAsync("inspect", "shop/web")).Output.ShouldMatchGolden("inspect-container.json");
        (await runtime.RunAsync("inspect", "shop")).Output.Should().Contain("\"state\": \"SANDBOX_READY\"").And.Contain("\"createdAt\": \"2026-03-01T10:30:00Z\"");
        (await runtime.RunAsync("inspect", "--image", "docker.io/library/busybox:1.36")).Output.Should().Contain("\"repoTags\"");
        (await runtime.RunAsync("inspect", "--image", "nowhere")).Error.Should().Contain("there is no such image");
    }

    private static void Conditions(FakeNode node, bool networkReady)
    {
        node.Status.Status.Conditions.Add(new RuntimeCondition { Type = "RuntimeReady", Status = true });
        node.Status.Status.Conditions.Add(networkReady
            ? new RuntimeCondition { Type = "NetworkReady", Status = true }
            : new RuntimeCondition { Type = "NetworkReady", Reason = "NetworkPluginNotReady", Message = "no conflist in /etc/cni/net.d" });
        node.Status.RuntimeHandlers.Add(new RuntimeHandler { Name = "", Features = new RuntimeHandlerFeatures { RecursiveReadOnlyMounts = true } });
        node.Status.RuntimeHandlers.Add(new RuntimeHandler { Name = "crun" });
        node.Status.Info["brokenHandlers"] = """{"gvisor":"no backend \"runsc\"; known are linux-native"}""";
    }
}
