namespace Orlop.Windows.Documents;

/// <summary>Options of HcsSignalProcess for a Windows process.</summary>
internal sealed record SignalOptions(string Signal);

/// <summary>Which systems HcsEnumerateComputeSystems lists.</summary>
internal sealed record SystemQuery(IReadOnlyList<string> Owners);

/// <summary>Which properties HcsGetComputeSystemProperties returns; <c>PropertyQuery</c>.</summary>
internal sealed record PropertyQuery(IReadOnlyList<string> PropertyTypes);

/// <summary>What is known of a process, as a property and as the data of its exit event; <c>ProcessStatus</c>.</summary>
internal sealed record ProcessStatus
{
    public uint ProcessId { get; init; }

    public bool Exited { get; init; }

    public uint ExitCode { get; init; }
}

/// <summary>What is known of a system; <c>Properties</c>.</summary>
internal sealed record SystemProperties
{
    public string? Id { get; init; }

    public string? Owner { get; init; }

    public string? State { get; init; }

    public bool Stopped { get; init; }

    public SystemStatistics? Statistics { get; init; }

    public IReadOnlyList<ProcessDetails>? ProcessList { get; init; }
}

/// <summary><c>Statistics</c>.</summary>
internal sealed record SystemStatistics
{
    public ProcessorStatistics? Processor { get; init; }

    public MemoryStatistics? Memory { get; init; }
}

/// <summary><c>ProcessorStats</c>.</summary>
internal sealed record ProcessorStatistics(ulong TotalRuntime100ns);

/// <summary><c>MemoryStats</c>.</summary>
internal sealed record MemoryStatistics
{
    public ulong MemoryUsageCommitBytes { get; init; }

    public ulong MemoryUsagePrivateWorkingSetBytes { get; init; }
}

/// <summary><c>ProcessDetails</c>.</summary>
internal sealed record ProcessDetails(uint ProcessId, string? ImageName);
