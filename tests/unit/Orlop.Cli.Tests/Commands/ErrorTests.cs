using System.Net.Sockets;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

public sealed class ErrorTests
{
    [Fact]
    public async Task A_missing_socket_is_named_with_the_way_out()
    {
        await using var runtime = await FakeRuntime.StartAsync();

        var result = await runtime.RunAsync("--address", "unix:///nowhere/orlop.sock", "ps");

        result.Code.Should().Be(1);
        result.Error.Should().Be(
            "orlop: connect to unix:///nowhere/orlop.sock: there is no such socket; start orlopd, or name its socket with --address or ORLOP_ADDRESS\n");
    }

    [Fact]
    public async Task A_socket_without_a_daemon_says_that_nobody_listens()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        string path = Path.Combine(runtime.Folder, "dead.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path)); // and does not listen

        (await runtime.RunAsync("--address", path, "ps")).Error.Should().StartWith($"orlop: connect to unix://{path}: nobody listens on it; start orlopd");
    }

    [Fact]
    public async Task The_address_comes_from_the_environment_when_no_option_names_it()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Environment["ORLOP_ADDRESS"] = "unix:///from/environment.sock";
        using var output = new MemoryStream();
        using var error = new MemoryStream();

        int code = await Hosting.OrlopCli.RunAsync(["ps"], runtime.Context(output, error));

        code.Should().Be(1);
        System.Text.Encoding.UTF8.GetString(error.ToArray()).Should().Contain("connect to unix:///from/environment.sock: there is no such socket");
    }

    [Theory]
    [InlineData("orlop: Unrecognized command or argument 'nosuch'; see: orlop --help\n", "nosuch")]
    [InlineData("orlop: --output yaml: no such format; it is table or json; see: orlop ps --help\n", "ps", "--output", "yaml")]
    [InlineData("orlop: address \"run/orlop.sock\": it is not an absolute path; write it like unix:///run/orlop/orlop.sock, with --address or ORLOP_ADDRESS\n",
        "--address", "run/orlop.sock", "ps")]
    [InlineData("orlop: Name images, or use --prune without names; see: orlop rmi --help\n", "rmi")]
    [InlineData("orlop: --tail many: not a number of lines; see: orlop logs --help\n", "logs", "--tail", "many", "web")]
    [InlineData("orlop: \"soon\" is not a duration; write seconds, or like 90s, 5m, 1h30m; see: orlop stop --help\n", "stop", "--timeout", "soon", "web")]
    public async Task A_wrong_command_line_answers_2_and_does_nothing(string error, params string[] arguments)
    {
        await using var runtime = await FakeRuntime.StartAsync();

        var result = await runtime.RunAsync(arguments);

        result.Should().Be(new CliResult(2, "", error));
    }

    [Fact]
    public async Task An_ambiguous_name_lists_the_candidates()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        foreach (string pod in new[] { "one", "two" })
        {
            var sandbox = SampleNode.AddPod(runtime.Node, pod, PodSandboxState.SandboxReady, TimeSpan.Zero);
            SampleNode.AddContainer(runtime.Node, sandbox, FakeNode.IdOf(pod), "app", ContainerState.ContainerRunning, TimeSpan.Zero);
        }

        var result = await runtime.RunAsync("exec", "app", "--", "true");

        result.Code.Should().Be(1);
        result.Error.Should().Be($"""
            orlop: find container app: 2 match; name one by more of its id, or a container as POD/NAME:
              container  {FakeNode.IdOf("one")[..12]}  one/app
              container  {FakeNode.IdOf("two")[..12]}  two/app

            """);
        (await runtime.RunAsync("exec", "two/app", "--", "true")).Code.Should().Be(0);
    }

    [Fact]
    public async Task Of_several_attempts_the_newest_is_meant_and_of_namesakes_the_running_one()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var pod = SampleNode.AddPod(runtime.Node, "shop", PodSandboxState.SandboxReady, TimeSpan.Zero);
        var old = SampleNode.AddPod(runtime.Node, "old", PodSandboxState.SandboxNotready, TimeSpan.FromDays(1));
        SampleNode.AddContainer(runtime.Node, pod, FakeNode.IdOf("0"), "app", ContainerState.ContainerExited, TimeSpan.Zero);
        SampleNode.AddContainer(runtime.Node, pod, FakeNode.IdOf("1"), "app", ContainerState.ContainerRunning, TimeSpan.Zero, attempt: 1);
        SampleNode.AddContainer(runtime.Node, old, FakeNode.IdOf("x"), "app", ContainerState.ContainerExited, TimeSpan.Zero);

        (await runtime.RunAsync("stop", "app")).Output.Should().Be(FakeNode.IdOf("1") + "\n");
    }
}
