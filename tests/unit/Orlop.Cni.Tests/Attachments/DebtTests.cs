using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orlop.Cni.Attachments;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Attachments;

/// <summary>What a crash, a missing program or a broken record leaves behind, and how it is settled.</summary>
public sealed class DebtTests : IAsyncLifetime
{
    private readonly Node _node = new();

    // A restart kills plugins by the sandbox that they run for, on the whole machine: no other test may use this one.
    private readonly string _cutOff = Guid.NewGuid().ToString("N");

    public Task InitializeAsync()
    {
        _node.WriteList("1.0.0", "alpha", "beta");
        _node.WritePlugin("alpha");
        _node.WritePlugin("beta");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _node.Log.Errors.Should().BeEmpty();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData(1)] // alpha has run, its result is lost
    [InlineData(2)] // beta has run, its result is lost
    [InlineData(3)] // both are on record, the end is not
    public async Task An_attach_that_a_crash_cut_off_is_taken_back_after_the_restart(int commits)
    {
        await _node.StartAsync();
        Crash(commits);
        await _node.Awaiting(node => node.AttachAsync(_cutOff)).Should().ThrowAsync<IOException>();
        await _node.StopAsync();
        ForgetCalls();

        _node.Records.Committing = null;
        await _node.StartAsync();

        await Eventually.BecomesTrueAsync(() => _node.Records.Keys.Count == 0, "the half-made attachment is taken back");
        _node.Calls.Should().Equal($"DEL beta {_cutOff} /run/netns/{_cutOff}", $"DEL alpha {_cutOff} /run/netns/{_cutOff}");
        _node.Input("beta", "DEL").TryGetProperty("prevResult", out _).Should().Be(commits > 1, "results are on record as far as they go");
        ForgetErrors("Taking back a failed ADD");
    }

    [Fact]
    public async Task An_attachment_survives_restarts_untouched()
    {
        await _node.StartAsync();
        await _node.AttachAsync("s1");
        ForgetCalls();

        await _node.StartAsync();
        await Task.Delay(300);

        _node.Calls.Should().BeEmpty();
        _node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task Plugins_that_a_dead_daemon_left_running_are_ended_before_their_work_is_taken_back()
    {
        await _node.StartAsync();
        _node.WritePlugin("alpha", add: $"echo $$ > {_node.Root}/pid; sleep 1000; touch {_node.Root}/late");
        using var cancel = new CancellationTokenSource();
        Task attach = _node.AttachAsync(_cutOff, cancel.Token);
        await Eventually.BecomesTrueAsync(() => File.Exists(Path.Combine(_node.Root, "pid")), "the plugin runs");

        // A second daemon on the same records, as after kill -9 of the first.
        await using var second = new Node();
        second.Records[$"attachment/{_cutOff}"] = _node.Records[$"attachment/{_cutOff}"];
        await second.StartAsync();

        await Eventually.BecomesTrueAsync(() => second.Log.Lines.Any(line => line.Text.Contains("earlier run")), "the old plugin is killed");
        await attach.Invoking(task => task.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<Exception>();
        File.Exists(Path.Combine(_node.Root, "late")).Should().BeFalse();
    }

    [Fact]
    public async Task A_debt_is_paid_in_the_background_once_the_program_is_back()
    {
        await _node.StartAsync();
        await _node.AttachAsync("s1");
        _node.RemovePlugin("beta");
        await _node.DetachAsync("s1");
        ForgetCalls();

        _node.WritePlugin("beta");

        await Eventually.BecomesTrueAsync(() => _node.Records.Keys.Count == 0, "the debt is tried again after 5 s", seconds: 20);
        _node.Calls.Should().Contain("DEL beta s1 /run/netns/s1");
        _node.Log.Lines.Should().Contain(line => line.Text.Contains("is released now"));
    }

    [Fact]
    public async Task A_debt_survives_a_restart()
    {
        await _node.StartAsync();
        await _node.AttachAsync("s1");
        _node.RemovePlugin("beta");
        await _node.DetachAsync("s1");
        await _node.StopAsync();

        _node.WritePlugin("beta");
        await _node.StartAsync();

        await Eventually.BecomesTrueAsync(() => _node.Records.Keys.Count == 0, "the debt is resumed");
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_put_aside_and_its_pod_is_detached_by_todays_configuration()
    {
        await _node.StartAsync();
        await _node.AttachAsync("s1");
        await _node.AttachAsync("s2");
        _node.Records["attachment/s1"] = _node.Records["attachment/s1"][..^20];

        await _node.StartAsync();
        _node.Records.Keys.Should().Equal("attachment/s2", "quarantine/attachment/s1");
        _node.Log.Lines.Should().Contain(line => line.Text.Contains("cannot be read"));
        ForgetCalls();

        await _node.DetachAsync("s1");

        _node.Calls.Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        _node.Records.Keys.Should().Equal("attachment/s2");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task No_record_keeps_the_network_from_starting(string record)
    {
        _node.Records["attachment/s1"] = Encoding.UTF8.GetBytes(record);
        _node.Records["pod-cidrs"] = Encoding.UTF8.GetBytes(record);

        await _node.StartAsync();

        _node.Network.Status.Ready.Should().BeTrue();
        _node.Records.Keys.Should().Contain("quarantine/attachment/s1");
    }

    [Fact]
    public async Task Pauses_between_tries_grow_to_ten_minutes()
    {
        var time = new FakeTimeProvider();
        var debts = new DebtSchedule(time);
        debts.Resume("s1");
        var pauses = new List<TimeSpan>();

        for (int i = 0; i < 10; i++)
        {
            DateTimeOffset asked = time.GetUtcNow();
            Task<IReadOnlyList<string>> due = debts.WaitAsync(CancellationToken.None);
            while (!due.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(due, Task.Delay(1));
            }

            (await due).Should().Equal("s1");
            pauses.Add(time.GetUtcNow() - asked);
            debts.Postpone("s1");
        }

        pauses[0].Should().Be(TimeSpan.Zero);
        pauses[1].Should().BeCloseTo(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2));
        pauses[2].Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
        pauses[^1].Should().BeCloseTo(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
    }

    // The process dies at a commit: nothing is written from there on.
    private void Crash(int commits)
    {
        int count = 0;
        _node.Records.Committing = _ =>
        {
            if (++count > commits)
            {
                throw new IOException("power is off");
            }
        };
    }

    private void ForgetCalls() => File.Delete(Path.Combine(_node.Root, "calls"));

    private void ForgetErrors(string text)
    {
        var kept = _node.Log.Lines.Where(line => !line.Text.Contains(text)).ToList();
        _node.Log.Lines.Clear();
        kept.ForEach(_node.Log.Lines.Enqueue);
    }
}
