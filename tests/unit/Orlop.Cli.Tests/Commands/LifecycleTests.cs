using Grpc.Core;
using Google.Protobuf;
using Orlop.Cli.Client;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Exec_passes_output_and_exit_code_on()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.Exec = request => new ExecSyncResponse
        {
            Stdout = ByteString.CopyFromUtf8(string.Join(' ', request.Cmd) + "\n"), Stderr = ByteString.CopyFromUtf8("oops\n"), ExitCode = 42,
        };

        var result = await runtime.RunAsync("exec", "--timeout", "1500ms", "web", "--", "ls", "-l", "--output", "x");

        result.Should().Be(new CliResult(42, "ls -l --output x\n", "oops\n"));
        runtime.Node.Asked<ExecSyncRequest>().Single().Timeout.Should().Be(2);
    }

    [Fact]
    public async Task A_command_that_ran_into_its_timeout_is_a_failure()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.Exec = _ => throw new RpcException(new Status(StatusCode.DeadlineExceeded, "command ran longer than 1 s and was killed"));

        var result = await runtime.RunAsync("exec", "--timeout", "1", "web", "--", "sleep", "5");

        result.Should().Be(new CliResult(1, "", $"orlop: run a command in container {SampleNode.Web[..12]}: command ran longer than 1 s and was killed\n"));
    }

    [Fact]
    public async Task What_the_runtime_answers_is_told_in_its_words()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.Exec = _ => throw new RpcException(new Status(StatusCode.Unavailable, "plugin 'web-only' did not load: no licence"));

        var result = await runtime.RunAsync("exec", "web", "--", "true");

        result.Should().Be(new CliResult(1, "", $"orlop: run a command in container {SampleNode.Web[..12]}: plugin 'web-only' did not load: no licence\n"));
    }

    [Fact]
    public async Task Stop_of_a_pod_stops_its_containers_with_their_grace_period_first()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.Containers.Single(container => container.Status.Id == SampleNode.Web).Status.Annotations[Labels.TerminationGracePeriod] = "7";

        var result = await runtime.RunAsync("stop", "shop");

        result.Code.Should().Be(0, result.Error);
        runtime.Node.Asked<StopContainerRequest>().Select(request => (request.ContainerId, request.Timeout))
            .Should().BeEquivalentTo([(SampleNode.Web, 7L), (SampleNode.Proxy, 10L)]);
        runtime.Node.Requests[^1].Should().BeOfType<StopPodSandboxRequest>();
    }

    [Fact]
    public async Task Rm_refuses_what_runs_unless_it_is_forced()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);

        var refused = await runtime.RunAsync("rm", "shop", "proxy", "job");
        var forced = await runtime.RunAsync("rm", "--force", "shop");

        refused.Code.Should().Be(1);
        refused.Output.Should().Be(SampleNode.Job + "\n", "a failure does not keep the others from their turn");
        refused.Error.Should().Contain("remove pod shop: it is still ready; stop it first with: orlop stop ")
            .And.Contain("remove container proxy: it still runs; stop it first with: orlop stop ");
        forced.Code.Should().Be(0, forced.Error);
        runtime.Node.Pods.Should().NotContain(pod => pod.Metadata.Name == "shop");
    }

    [Fact]
    public async Task Removing_a_kubelets_pod_leaves_its_logs_alone()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        string logs = runtime.Paths.PodLogFolder("default", "batch", "uid-batch");
        Directory.CreateDirectory(logs);

        (await runtime.RunAsync("rm", "batch")).Code.Should().Be(0);

        Directory.Exists(logs).Should().BeTrue();
    }

    [Theory]
    [InlineData("config check --config /etc/orlop/x.toml", "config check --config /etc/orlop/x.toml")]
    [InlineData("plugins verify /opt/acme", "plugins verify /opt/acme")]
    [InlineData("plugins verify /opt/x/../acme --config x.toml --output json", "plugins verify /opt/acme --config x.toml --json")]
    public async Task What_only_the_daemons_program_can_check_is_passed_to_it(string line, string passed)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        string bin = Directory.CreateDirectory(Path.Combine(runtime.Folder, "bin")).FullName;
        string daemon = Path.Combine(bin, "orlopd");
        await File.WriteAllTextAsync(daemon, "#!/bin/sh\necho \"$@\"\necho bad >&2\nexit 3\n");
        File.SetUnixFileMode(daemon, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var missing = await runtime.RunAsync(line.Split(' '));
        runtime.Environment["PATH"] = "/nowhere:" + bin;
        var result = await runtime.RunAsync(line.Split(' '));

        missing.Error.Should().Contain("nor on the PATH; install orlopd");
        result.Should().Be(new CliResult(3, $"{passed}\n", "bad\n"));
    }

    [Fact]
    public async Task Completion_scripts_ask_the_program()
    {
        await using var runtime = await FakeRuntime.StartAsync();

        (await runtime.RunAsync("completion", "bash")).Output.Should().Contain("complete -o default -F _orlop orlop");
        (await runtime.RunAsync("[suggest:7]", "orlop p")).Output.Split('\n').Should().Contain(["ps", "pods", "pull", "plugins"]);
    }
}
