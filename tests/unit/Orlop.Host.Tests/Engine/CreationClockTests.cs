using Microsoft.Extensions.Time.Testing;
using Orlop.Host.Engine;

namespace Orlop.Host.Tests.Engine;

public sealed class CreationClockTests
{
    [Fact]
    public void Times_grow_although_the_clock_stands_still() // kubelet-contract, point 10
    {
        var clock = new CreationClock(new FakeTimeProvider());

        Enumerable.Range(0, 10).Select(_ => clock.Next()).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void Times_grow_although_the_clock_was_set_back_over_a_restart() // kubelet-contract, point 10
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = new CreationClock(new FakeTimeProvider(now));
        clock.Remember(now.AddHours(1));
        clock.Remember(now.AddMinutes(1));

        clock.Next().Should().BeAfter(now.AddHours(1));
    }
}
