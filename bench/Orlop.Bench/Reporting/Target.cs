using Orlop.Bench.Scenarios;

namespace Orlop.Bench.Reporting;

/// <summary>What Orlop promises of a figure: at most so much of containerd with runc, or at most a value of its own.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Cpu">Of its CPU time instead of its p50.</param>
/// <param name="Ratio">The highest ratio; null where the value counts.</param>
/// <param name="Value">The highest value in the figure's unit; null where the ratio counts.</param>
internal sealed record Target(string Figure, bool Cpu = false, double? Ratio = null, double? Value = null)
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new(FigureNames.Container, Ratio: 0.15),
        new(FigureNames.Exec, Ratio: 0.1),
        new(FigureNames.Pod(hostNetwork: true), Ratio: 0.15),
        new(FigureNames.Pod(hostNetwork: false), Ratio: 0.45),
        new(FigureNames.Pod(hostNetwork: true), Cpu: true, Ratio: 0.4),
        new(FigureNames.Pod(hostNetwork: false), Cpu: true, Ratio: 0.4),
        new(FigureNames.Supervision(50), Ratio: 0.15),
        new(FigureNames.Supervision(50), Value: 0.57),
        new(FigureNames.Pull, Cpu: true, Ratio: 0.6),
        new(FigureNames.Stats, Ratio: 0.2),
        new(FigureNames.RestartToList, Ratio: 0.5),
        new(FigureNames.StartToVersion, Value: 300),
        new(FigureNames.IdleMemory, Value: 60),
    ];
}
