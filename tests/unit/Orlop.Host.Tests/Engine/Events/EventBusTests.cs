using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Events;

namespace Orlop.Host.Tests.Engine.Events;

public sealed class EventBusTests
{
    private readonly EventBus _bus = new();

    [Fact]
    public async Task A_reader_gets_what_is_published_after_it_asked_also_before_it_reads()
    {
        using var cancellation = new CancellationTokenSource();
        _bus.Publish(Event(0));
        var events = _bus.ReadAsync(cancellation.Token);
        _bus.Publish(Event(1));
        _bus.Publish(Event(2));

        (await TakeAsync(events, 2)).Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_slow_reader_loses_its_oldest_events_and_holds_nobody_up()
    {
        using var cancellation = new CancellationTokenSource();
        var slow = _bus.ReadAsync(cancellation.Token);
        for (int i = 0; i < EventBus.Capacity + 10; i++)
            _bus.Publish(Event(i));

        (await TakeAsync(slow, 1)).Should().Equal("10");
    }

    [Fact]
    public async Task Cancelling_ends_the_reading()
    {
        using var cancellation = new CancellationTokenSource();
        var events = _bus.ReadAsync(cancellation.Token);
        var reading = TakeAsync(events, 1);

        await cancellation.CancelAsync();

        await reading.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    private static RuntimeEvent Event(int i) => new(RuntimeEventKind.Created, $"{i}", null, DateTimeOffset.UnixEpoch);

    private static async Task<List<string>> TakeAsync(IAsyncEnumerable<RuntimeEvent> events, int count)
    {
        var ids = new List<string>();
        await foreach (var runtimeEvent in events)
        {
            ids.Add(runtimeEvent.SandboxId);
            if (ids.Count == count)
                break;
        }

        return ids;
    }
}
