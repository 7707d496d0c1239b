namespace Orlop.Bench.Measuring;

/// <summary>One figure of one runtime: a line of the results.</summary>
internal sealed record Figure
{
    public required string Name { get; init; }

    public required string Runtime { get; init; }

    /// <summary><c>ms</c> or <c>MiB</c>.</summary>
    public required string Unit { get; init; }

    public required double P50 { get; init; }

    /// <summary>Null for what was measured once.</summary>
    public double? P99 { get; init; }

    /// <summary>CPU time in milliseconds for each piece of work, its end and removal included.</summary>
    public double? Cpu { get; init; }

    public int Samples { get; init; } = 1;
}
