using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orlop.Cni.Attachments;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Attachments;

/// <summary>What a crash, a missing program or a broken record leaves behind, and how it is settled.</summary>
public sealed class DebtTests : NodeTest
{
    // A restart kills plugins by the sandbox that they run for, on the whole machine: no other test may use this one.
    private readonly string _cutOff = Guid.NewGuid().ToString("N");

    public DebtTests()
    {
        Node.WriteList("1.0.0", "alpha", "beta");
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta");
    }

    [Theory]
    [InlineData(1)] // alpha has run, its result is lost
    [InlineData(2)] // beta has run, its result is lost
    [InlineData(3)] // both are on record, the end is not
    public async Task An_attach_that_a_crash_cut_off_is_taken_back_after_the_restart(int commits)
    {
        await Node.StartAsync();
        Crash(commits);
        await Node.Awaiting(node => node.AttachAsync(_cutOff)).Should().ThrowAsync<IOException>();
        await Node.StopAsync();
        ForgetCalls();

        Node.Records.Committing = null;
        await Node.StartAsync();

        await Eventually.PassesAsync(() => Node.Records.Keys.Should().BeEmpty("the half-made attachment is taken back"));
        Node.Calls.Should().Equal($"DEL beta {_cutOff} /run/netns/{_cutOff}", $"DEL alpha {_cutOff} /run/netns/{_cutOff}");
        Node.Input("beta", "DEL").TryGetProperty("prevResult", out _).Should().Be(commits > 1, "results are on record as far as they go");
        ForgetErrors("Taking back a failed ADD");
    }

    [Fact]
    public async Task An_attachment_survives_restarts_untouched()
    {
        await Node.StartAsync();
        await Node.AttachAsync("s1");
        ForgetCalls();

        await Node.StartAsync();
        await Task.Delay(300);

        Node.Calls.Should().BeEmpty();
        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task Plugins_that_a_dead_daemon_left_running_are_ended_before_their_work_is_taken_back()
    {
        await Node.StartAsync();
        Node.WritePlugin("alpha", add: $"echo $$ > {Node.Root}/pid; sleep 1000; touch {Node.Root}/late");
        using var cancel = new CancellationTokenSource();
        Task attach = Node.AttachAsync(_cutOff, cancel.Token);
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(Node.Root, "pid")).Should().BeTrue("the plugin runs"));

        // A second daemon on the same records, as after kill -9 of the first.
        await using var second = new Node();
        second.Records[$"attachment/{_cutOff}"] = Node.Records[$"attachment/{_cutOff}"];
        await second.StartAsync();

        await Eventually.PassesAsync(() => second.Log.Lines.Should().Contain(line => line.Text.Contains("earlier run"), "the old plugin is killed"));
        await attach.Invoking(task => task.WaitAsync(Deadline.Seconds(60))).Should().ThrowAsync<Exception>();
        File.Exists(Path.Combine(Node.Root, "late")).Should().BeFalse();
    }

    [Fact]
    public async Task A_debt_is_paid_in_the_background_once_the_program_is_back()
    {
        await Node.StartAsync();
        await Node.AttachAsync("s1");
        Node.RemovePlugin("beta");
        await Node.DetachAsync("s1");
        ForgetCalls();

        Node.WritePlugin("beta");

        await Eventually.PassesAsync(() => Node.Records.Keys.Should().BeEmpty("the debt is tried again after 5 s"));
        Node.Calls.Should().Contain("DEL beta s1 /run/netns/s1");
        Node.Log.Lines.Should().Contain(line => line.Text.Contains("is released now"));
    }

    [Fact]
    public async Task A_debt_survives_a_restart()
    {
        await Node.StartAsync();
        await Node.AttachAsync("s1");
        Node.RemovePlugin("beta");
        await Node.DetachAsync("s1");
        await Node.StopAsync();

        Node.WritePlugin("beta");
        await Node.StartAsync();

        await Eventually.PassesAsync(() => Node.Records.Keys.Should().BeEmpty("the debt is resumed"));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_put_aside_and_its_pod_is_detached_by_todays_configuration()
    {
        await Node.StartAsync();
        await Node.AttachAsync("s1");
        await Node.AttachAsync("s2");
        Node.Records["attachment/s1"] = Node.Records["attachment/s1"][..^20];

        await Node.StartAsync();
        Node.Records.Keys.Should().Equal("attachment/s2", "quarantine/attachment/s1");
        Node.Log.Lines.Should().Contain(line => line.Text.Contains("cannot be read"));
        ForgetCalls();

        await Node.DetachAsync("s1");

        Node.Calls.Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Records.Keys.Should().Equal("attachment/s2");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task No_record_keeps_the_network_from_starting(string record)
    {
        Node.Records["attachment/s1"] = Encoding.UTF8.GetBytes(record);
        Node.Records["pod-cidrs"] = Encoding.UTF8.GetBytes(record);

        await Node.StartAsync();

        Node.Network.Status.Ready.Should().BeTrue();
        Node.Records.Keys.Should().Contain("quarantine/attachment/s1");
    }

    [Fact]
    public async Task Pauses_between_tries_grow_to_ten_minutes()
    {
        var time = new FakeTimeProvider();
        var debts = new DebtSchedule(time);
        debts.Resume("s1");

        foreach (int seconds in (int[])[0, 5, 10, 20, 40, 80, 160, 320, 600, 600])
        {
            Task<IReadOnlyList<string>> due = debts.WaitAsync(CancellationToken.None);
            if (seconds > 0)
            {
                time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
                using var cancel = new CancellationTokenSource();
                Task<IReadOnlyList<string>> early = debts.WaitAsync(cancel.Token);
                early.IsCompleted.Should().BeFalse("it is not due after a little less than {0} s", seconds);
                await cancel.CancelAsync();
                await early.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
                time.Advance(TimeSpan.FromTicks(1));
            }

            (await due.WaitAsync(Deadline.Seconds(60))).Should().Equal("s1");
            debts.Postpone("s1");
        }
    }

    // The process dies at a commit: nothing is written from there on.
    private void Crash(int commits)
    {
        int count = 0;
        Node.Records.Committing = _ =>
        {
            if (++count > commits)
            {
                throw new IOException("power is off");
            }
        };
    }

    private void ForgetCalls() => File.Delete(Path.Combine(Node.Root, "calls"));

    private void ForgetErrors(string text)
    {
        var kept = Node.Log.Lines.Where(line => !line.Text.Contains(text)).ToList();
        Node.Log.Lines.Clear();
        kept.ForEach(Node.Log.Lines.Enqueue);
    }
}
