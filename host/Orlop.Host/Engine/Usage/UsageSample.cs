using System.Collections.Frozen;
using Orlop.Abstractions.Execution;

namespace Orlop.Host.Engine.Usage;

/// <summary>What all pods used at one moment, measured from <c>Begun</c> to <c>At</c>, and an earlier moment, for rates.</summary>
internal sealed record UsageSample(DateTimeOffset Begun, DateTimeOffset At, FrozenDictionary<string, SandboxUsage> Sandboxes, UsageSample? Previous)
{
    public static UsageSample Empty { get; } = new(DateTimeOffset.MinValue, DateTimeOffset.MinValue, FrozenDictionary<string, SandboxUsage>.Empty, null);

    public UsageSample WithoutPrevious() => this with { Previous = null };

    /// <summary>Whether a container that started at <paramref name="start"/> was there to be measured.</summary>
    public bool Knows(DateTimeOffset? start) => start is null || Begun >= start;

    public ResourceUsage? Container(string sandboxId, string containerId) =>
        Sandboxes.TryGetValue(sandboxId, out var sandbox) ? sandbox.Containers.GetValueOrDefault(containerId) : null;

    /// <summary>CPU nanoseconds in each second between the two samples; null without two.</summary>
    public ulong? CpuRate(string sandboxId, string containerId)
    {
        if (Previous?.Container(sandboxId, containerId)?.CpuNanoseconds is not { } before
            || Container(sandboxId, containerId)?.CpuNanoseconds is not { } now
            || !Sandboxes.TryGetValue(sandboxId, out var current)
            || !Previous.Sandboxes.TryGetValue(sandboxId, out var previous)) return null;

        double seconds = (current.At - previous.At).TotalSeconds;
        return seconds > 0 && now >= before ? (ulong)((now - before) / seconds) : null;
    }
}
