using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Usage;

namespace Orlop.Host.Tests.Engine;

public sealed class UsageSamplerTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly UsageSampler _sampler;
    private ulong _passes;

    public UsageSamplerTests()
    {
        _sampler = new UsageSampler(_engine.Runtime.Parts.Handlers, _engine.Clock);
        _engine.Backend.Measure = MeasureAsync;
    }

    [Fact]
    public async Task Readers_within_a_second_share_a_pass()
    {
        await GetAsync();
        Advance(0.9);
        await GetAsync();
        _passes.Should().Be(1);

        Advance(0.1);
        await GetAsync();
        _passes.Should().Be(2);
    }

    [Fact]
    public async Task A_container_that_started_after_the_last_pass_is_measured_at_once()
    {
        await GetAsync();
        Advance(0.1);
        var start = _engine.Clock.GetUtcNow();

        (await GetAsync(start)).Knows(start).Should().BeTrue();
        await GetAsync(start);

        _passes.Should().Be(2);
    }

    [Fact]
    public async Task A_container_that_started_during_a_pass_waits_for_the_next()
    {
        var held = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        _engine.Backend.Measure = async () =>
        {
            reached.TrySetResult();
            await held.Task;
            return await MeasureAsync();
        };
        var first = GetAsync();
        await reached.Task;
        Advance(0.1);
        var second = GetAsync(_engine.Clock.GetUtcNow());

        held.SetResult();

        (await second).Should().NotBeSameAs(await first);
        _passes.Should().Be(2);
    }

    [Fact]
    public async Task A_rate_is_never_that_of_less_than_a_second()
    {
        await GetAsync();
        Advance(1);
        await GetAsync();
        Advance(0.1);

        var early = await GetAsync(_engine.Clock.GetUtcNow());

        _passes.Should().Be(3);
        early.CpuRate("pod", "app").Should().Be((ulong)(2 * 1_000_000 / 1.1));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    // Each pass finds a millisecond more of processor time.
    private Task<IReadOnlyList<SandboxUsage>> MeasureAsync() => Task.FromResult<IReadOnlyList<SandboxUsage>>(
    [
        new()
        {
            SandboxId = "pod",
            At = _engine.Clock.GetUtcNow(),
            Containers = new Dictionary<string, ResourceUsage> { ["app"] = new() { CpuNanoseconds = ++_passes * 1_000_000 } },
        },
    ]);

    private void Advance(double seconds) => _engine.Clock.Advance(TimeSpan.FromSeconds(seconds));

    private Task<UsageSample> GetAsync(DateTimeOffset? since = null) => _sampler.GetAsync(since, CancellationToken.None);
}
