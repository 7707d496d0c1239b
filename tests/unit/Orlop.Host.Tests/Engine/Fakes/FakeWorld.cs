using Microsoft.Extensions.Time.Testing;

namespace Orlop.Host.Tests.Engine.Fakes;

/// <summary>What an engine works on. It outlives the engine, as a kernel does: a world that is given to a second one plays a restart.</summary>
internal sealed class FakeWorld
{
    public FakeWorld() => Backend = new FakeBackend(Clock);

    /// <summary>Stands still until the test moves it.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeBackend Backend { get; }

    public FakeNetwork Network { get; } = new();

    public FakeImages Images { get; } = new();

    public FakeSnapshotter Snapshotter { get; } = new();
}
