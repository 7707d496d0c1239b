using Microsoft.Extensions.Time.Testing;
using Orlop.Abstractions.Errors;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Execution;

public sealed class PluginCallTests : NodeTest
{
    public PluginCallTests() => Node.WriteList("1.0.0", "alpha");

    [Fact]
    public async Task A_plugin_that_hangs_is_killed_with_its_children_and_the_error_says_so()
    {
        var time = new FakeTimeProvider();
        await using var node = new Node { Time = time };
        node.WriteList("1.0.0", "alpha");
        node.WritePlugin("alpha", add: $"echo waiting for the moon >&2; (sleep 1000 & echo $! > {node.Root}/orphan); sleep 1000 & echo $! > {node.Root}/writing; mv {node.Root}/writing {node.Root}/child; wait");
        await node.StartAsync();
        Task attach = node.AttachAsync("s1");
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(node.Root, "child")).Should().BeTrue("the plugin hangs"));
        string[] hanging = [.. new[] { "child", "orphan" }.Select(name => File.ReadAllText(Path.Combine(node.Root, name)).Trim())];
        hanging.Should().OnlyContain(pid => IsRunning(pid));

        // Not beyond its deadline: the DEL that follows has one too.
        await Eventually.PassesAsync(() =>
        {
            if (hanging.Any(IsRunning))
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            hanging.Should().NotContain(pid => IsRunning(pid), "they are killed");
        });

        var error = (await attach.Invoking(task => task.WaitAsync(Deadline.Seconds(60))).Should().ThrowAsync<RuntimeException>()).Which;
        error.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        error.Message.Should().Contain("'alpha'").And.Contain("within 20 s").And.Contain("timeout_seconds").And.Contain("waiting for the moon");
        node.Calls[^1].Should().Be("DEL alpha s1 /run/netns/s1");
    }

    [Fact]
    public async Task A_cancelled_attach_kills_its_plugin_and_takes_it_back()
    {
        await using var node = new Node();
        node.WriteList("1.0.0", "alpha");
        node.WritePlugin("alpha", add: $"touch {node.Root}/started; sleep 1000");
        await node.StartAsync();
        using var cancel = new CancellationTokenSource();

        Task attach = node.AttachAsync("s1", cancel.Token);
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(node.Root, "started")).Should().BeTrue("the plugin starts"));
        await cancel.CancelAsync();

        await attach.Invoking(task => task.WaitAsync(Deadline.Seconds(60))).Should().ThrowAsync<OperationCanceledException>();
        node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        node.Records.Keys.Should().BeEmpty();
    }

    [Theory]
    [InlineData("echo this is no json", "no JSON")]
    [InlineData("true", "printed nothing")]
    [InlineData("echo '[1]'", "not an object")]
    [InlineData("""echo '{"ips":[{"address":"10.1.0.5"}]}'""", "10.1.0.5")]
    public async Task Output_that_is_no_result_is_an_error_that_shows_why(string add, string expected)
    {
        Node.WritePlugin("alpha", add: add);
        await Node.StartAsync();

        await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage($"*'alpha'*{expected}*");
    }

    [Fact]
    public async Task A_failure_without_an_error_object_shows_exit_code_output_and_errors()
    {
        Node.WritePlugin("alpha", add: "echo half a result; echo panic: nil >&2; echo goroutine 1 >&2; exit 2");
        await Node.StartAsync();

        var error = await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()
            .WithMessage("*exit code 2*half a result*panic: nil | goroutine 1*");
        error.Which.Kind.Should().Be(ErrorKind.Unavailable);
    }

    [Fact]
    public async Task Any_amount_of_standard_error_neither_blocks_the_plugin_nor_fills_the_message()
    {
        Node.WritePlugin("alpha", add: $"head -c 20000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo the end >&2; {Node.Error(11, "later")}");
        await Node.StartAsync();

        var error = (await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("the end").And.Subject.Length.Should().BeLessThan(6000);
    }

    [Fact]
    public async Task A_result_without_end_is_no_result()
    {
        Node.WritePlugin("alpha", add: "head -c 3000000 /dev/zero | tr '\\0' ' '; exit 0");
        await Node.StartAsync();

        var error = await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*more than 1048576 bytes*");
        error.Which.Kind.Should().Be(ErrorKind.Unavailable);
    }

    [Fact]
    public async Task A_grandchild_that_keeps_the_output_open_delays_nothing_for_long()
    {
        Node.WritePlugin("alpha", add: $"echo '{Node.Result("10.1.0.5/24")}'; while [ -d {Node.Root} ]; do sleep 1; done & exit 0");
        await Node.StartAsync();

        await Node.AttachAsync("s1").WaitAsync(Deadline.Seconds(60));
    }

    [Fact]
    public async Task A_plugin_may_end_without_reading_its_input()
    {
        Node.WriteConfiguration($$"""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha","padding":"{{new string('x', 500_000)}}"}]}""");
        Node.WriteProgram("alpha", $"#!/bin/sh\n[ $CNI_COMMAND = ADD ] && echo '{Node.Result("10.1.0.5/24")}'\nexit 0\n");
        await Node.StartAsync();

        (await Node.AttachAsync("s1")).Addresses.Should().ContainSingle();
    }

    [Fact]
    public async Task A_program_that_the_kernel_does_not_start_is_named_with_the_reason()
    {
        Node.WriteProgram("alpha", "#!/no/such/interpreter\n");
        await Node.StartAsync();

        await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*plugin 'alpha' cannot be started: execve*/alpha: No such file or directory.");
    }

    [Fact]
    public async Task A_program_that_is_being_written_is_waited_for()
    {
        Node.WritePlugin("alpha");
        await Node.StartAsync();
        string path = Path.Combine(Node.BinFolder, "alpha");
        FileStream writer = File.OpenWrite(path);

        Task attach = Node.AttachAsync("s1");
        await Task.Delay(300);
        attach.IsCompleted.Should().BeFalse();
        await writer.DisposeAsync();

        await attach;
    }

    // In a container without an init, the dead stay as zombies.
    private static bool IsRunning(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
