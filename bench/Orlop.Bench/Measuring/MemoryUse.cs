namespace Orlop.Bench.Measuring;

/// <summary>Memory of a runtime in KiB.</summary>
/// <param name="Daemon">Proportional set size of its daemon.</param>
/// <param name="Pods">Proportional set size of everything else: shims and pause processes, or supervisors.</param>
/// <param name="PodsPrivate">Private dirty memory of the same.</param>
internal readonly record struct MemoryUse(long Daemon, long Pods, long PodsPrivate)
{
    public static MemoryUse operator +(MemoryUse a, MemoryUse b) => new(a.Daemon + b.Daemon, a.Pods + b.Pods, a.PodsPrivate + b.PodsPrivate);
}
