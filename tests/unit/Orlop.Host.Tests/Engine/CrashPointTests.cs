using Orlop.Abstractions.Errors;
using Orlop.Host.Tests.Engine.Crashes;

namespace Orlop.Host.Tests.Engine;

/// <summary>
/// A fault at every step of every operation, and at every step of the recovery after it: what is promised holds, what was
/// asked for is done when it is asked for again, and nothing is left when everything is removed.
/// </summary>
public sealed class CrashPointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // of one run, which takes milliseconds; one that hangs is broken too

    private readonly List<string> _broken = [];

    private string Broken => string.Join('\n', _broken);

    public static TheoryData<string> Operations => [.. Scenario.All.Keys];

    public static TheoryData<string> Absences => [.. Scenario.Meanwhile.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_daemon_that_is_killed_once_or_twice_breaks_no_promise(string operation)
    {
        var scenario = Scenario.All[operation];
        foreach (string first in Distinct(await StepsOfAsync(scenario)))
        {
            IReadOnlyList<string> recovery = [];
            await TryAsync($"killed {first}", async () =>
            {
                var node = await KilledAsync(scenario, first);
                await node.RestartAsync();
                recovery = Distinct(node.Steps.Passed);
                await FinishAsync(node, scenario);
            });
            foreach (string second in recovery)
            {
                await TryAsync($"killed {first}, then {second}", async () =>
                {
                    var node = await KilledAsync(scenario, first);
                    await KillRecoveryAsync(node, second);
                    await node.RestartAsync();
                    await FinishAsync(node, scenario);
                });
            }
        }

        Broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_step_of_a_recovery_that_fails_breaks_no_promise(string operation)
    {
        var scenario = Scenario.All[operation];
        foreach (string first in Distinct(await StepsOfAsync(scenario)))
        {
            var model = await KilledAsync(scenario, first);
            await model.RestartAsync();
            foreach (var (second, fault) in Failures(model.Steps.Passed))
            {
                await TryAsync($"killed {first}, then fails ({fault}) {second}", async () =>
                {
                    var node = await KilledAsync(scenario, first);
                    await node.RestartAsync(second, fault);
                    node.Steps.Heal();
                    await FinishAsync(node, scenario);
                });
            }
        }

        Broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Absences))]
    public async Task What_happened_without_a_daemon_is_found_by_one_that_is_killed_or_fails_at_any_step(string absence)
    {
        var model = await AbsentAsync(absence);
        await model.RestartAsync();
        foreach (string step in Distinct(model.Steps.Passed))
        {
            await TryAsync($"killed {step}", async () =>
            {
                var node = await AbsentAsync(absence);
                await KillRecoveryAsync(node, step);
                await node.RestartAsync();
                await FinishAsync(node);
            });
        }

        foreach (var (step, fault) in Failures(model.Steps.Passed))
        {
            await TryAsync($"fails ({fault}) {step}", async () =>
            {
                var node = await AbsentAsync(absence);
                await node.RestartAsync(step, fault);
                node.Steps.Heal();
                await FinishAsync(node);
            });
        }

        Broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_step_that_fails_is_told_and_leaves_nothing_behind(string operation)
    {
        var scenario = Scenario.All[operation];
        foreach (var (step, fault) in Failures(await StepsOfAsync(scenario)))
        {
            await TryAsync($"fails ({fault}) {step}, then a retry", async () => await FinishAtOnceAsync(await FailedAsync(scenario, step, fault), scenario));
            await TryAsync($"fails ({fault}) {step}, then none", async () => await FinishAsync(await FailedAsync(scenario, step, fault)));
            await TryAsync($"fails ({fault}) {step}, then a restart", async () =>
            {
                var node = await FailedAsync(scenario, step, fault);
                await node.RestartAsync();
                await FinishAsync(node, scenario);
            });
        }

        Broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_caller_that_goes_away_at_any_step_leaves_a_finished_object_or_nothing(string operation)
    {
        var scenario = Scenario.All[operation];
        foreach (string step in await StepsOfAsync(scenario))
        {
            await TryAsync($"left {step}, then a retry", async () => await FinishAtOnceAsync(await LeftAsync(scenario, step), scenario));
            await TryAsync($"left {step}, then none", async () =>
            {
                var node = await LeftAsync(scenario, step);
                while (node.IsBusy)
                {
                    node.World.Clock.Advance(TimeSpan.FromSeconds(30)); // the wait for somebody to take it may not have begun yet
                    await Task.Delay(1);
                }

                await FinishAsync(node);
            });
        }

        Broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_daemon_that_is_stopped_at_any_step_breaks_no_promise(string operation)
    {
        var scenario = Scenario.All[operation];
        foreach (string step in await StepsOfAsync(scenario))
        {
            await TryAsync($"stopped {step}", async () =>
            {
                var node = await PreparedAsync(scenario);
                var stopped = Task.CompletedTask;
                node.Steps.Elsewhere = () => stopped = node.Engine.DisposeAsync().AsTask();
                node.Begin(step, Fault.Elsewhere);
                await scenario.ActAsync(node, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await node.Steps.Struck;
                await stopped;
                await node.RestartAsync();
                await FinishAsync(node, scenario);
            });
        }

        Broken.Should().BeEmpty();
    }

    /// <summary>Every failure of one step, and of all from one on.</summary>
    private static IEnumerable<(string Step, Fault Fault)> Failures(IReadOnlyList<string> steps) =>
    [
        .. steps.Select(step => (step, Fault.Once)),
        .. Distinct(steps).SelectMany(step => ((string, Fault)[])[(step, Fault.Everything), (step, Fault.DiskFull)]),
    ];

    /// <summary>The steps that differ for what goes on from there: after an effect all is as it is before the next one.</summary>
    private static IReadOnlyList<string> Distinct(IReadOnlyList<string> steps) => [.. steps.SkipLast(1).Where(s => s.StartsWith("before ", StringComparison.Ordinal)), .. steps.TakeLast(1)];

    private static async Task<CrashNode> PreparedAsync(Scenario scenario)
    {
        var node = new CrashNode();
        await scenario.Prepare(node);
        await node.SettleAsync();
        return node;
    }

    private static async Task<IReadOnlyList<string>> StepsOfAsync(Scenario scenario)
    {
        var node = await PreparedAsync(scenario);
        node.Begin(at: null, default);
        await scenario.ActAsync(node, CancellationToken.None);
        await node.SettleAsync();
        return node.Steps.Passed;
    }

    /// <summary>A node whose daemon was killed at a step of an operation.</summary>
    private static async Task<CrashNode> KilledAsync(Scenario scenario, string step)
    {
        var node = await PreparedAsync(scenario);
        node.Begin(step, Fault.CutOff);
        _ = scenario.ActAsync(node, CancellationToken.None); // never ends
        await node.Steps.Struck;
        return node;
    }

    /// <summary>A node whose daemon was killed before something happened.</summary>
    private static async Task<CrashNode> AbsentAsync(string absence)
    {
        var node = new CrashNode();
        await Scenario.FullAsync(node);
        node.Steps.CutOff();
        Scenario.Meanwhile[absence](node);
        return node;
    }

    private static async Task KillRecoveryAsync(CrashNode node, string step)
    {
        _ = node.RestartAsync(step); // never ends
        await node.Steps.Struck;
    }

    /// <summary>A node where a step of an operation failed, and works again.</summary>
    private static async Task<CrashNode> FailedAsync(Scenario scenario, string step, Fault fault)
    {
        var node = await PreparedAsync(scenario);
        node.Begin(step, fault);
        try
        {
            await scenario.ActAsync(node, CancellationToken.None);
        }
        catch (RuntimeException e) when (e.Kind != ErrorKind.Internal)
        {
            // Told, with its cause.
        }

        await node.Steps.Struck;
        await node.SettleAsync();
        node.Steps.Heal();
        return node;
    }

    /// <summary>A node where the caller of an operation went away at a step.</summary>
    private static async Task<CrashNode> LeftAsync(Scenario scenario, string step)
    {
        var node = await PreparedAsync(scenario);
        using var leaving = new CancellationTokenSource();
        node.Steps.Elsewhere = leaving.Cancel;
        node.Begin(step, Fault.Elsewhere);
        try
        {
            await scenario.ActAsync(node, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // It was still waiting.
        }

        await node.Steps.Struck;
        return node;
    }

    /// <summary>All is well, also after the operation was asked for again.</summary>
    private static async Task FinishAsync(CrashNode node, Scenario? again = null)
    {
        await node.CheckAsync();
        if (again is not null) await FinishAtOnceAsync(node, again);
        else await node.RemoveEverythingAsync();
    }

    private static async Task FinishAtOnceAsync(CrashNode node, Scenario again)
    {
        await again.ActAsync(node, CancellationToken.None);
        await node.CheckAsync();
        again.Check(node);
        await node.RemoveEverythingAsync();
    }

    private async Task TryAsync(string where, Func<Task> run)
    {
        try
        {
            await run().WaitAsync(Patience);
        }
        catch (Exception e)
        {
            _broken.Add($"{where}: {e.Message}");
        }
    }
}
