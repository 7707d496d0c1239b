namespace Orlop.Cli.Tests.Fakes;

/// <summary>A wall clock that stands still, so that ages in tables are always the same; timers run.</summary>
internal sealed class FrozenClock : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>The CRI's nanoseconds of a time before now.</summary>
    public static long Ago(TimeSpan age) => (Now - age - DateTimeOffset.UnixEpoch).Ticks * 100;
}
