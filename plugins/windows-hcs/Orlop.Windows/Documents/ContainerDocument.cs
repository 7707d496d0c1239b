namespace Orlop.Windows.Documents;

/// <summary>A process-isolated container; <c>Container</c> of HCS schema 2.</summary>
internal sealed record ContainerDocument
{
    public GuestOsDocument? GuestOs { get; init; }

    public required StorageDocument Storage { get; init; }

    public IReadOnlyList<MappedDirectory>? MappedDirectories { get; init; }

    public IReadOnlyList<MappedPipe>? MappedPipes { get; init; }

    public MemoryDocument? Memory { get; init; }

    public ProcessorDocument Processor { get; init; } = new();

    public NetworkingDocument? Networking { get; init; }

    public RegistryChanges? RegistryChanges { get; init; }

    public IReadOnlyList<DeviceDocument>? AssignedDevices { get; init; }
}

/// <summary><c>GuestOs</c>.</summary>
internal sealed record GuestOsDocument(string HostName);

/// <summary><c>Storage</c>: read-only layers, top-most first, and the volume of the scratch.</summary>
internal sealed record StorageDocument
{
    public required IReadOnlyList<LayerDocument> Layers { get; init; }

    public required string Path { get; init; }

    public StorageQoS? QoS { get; init; }
}

/// <summary><c>Layer</c>.</summary>
internal sealed record LayerDocument(string Id, string Path);

/// <summary><c>StorageQoS</c>: operations and bytes in a second.</summary>
internal sealed record StorageQoS(long IopsMaximum, long BandwidthMaximum);

/// <summary><c>MappedDirectory</c>.</summary>
internal sealed record MappedDirectory(string HostPath, string ContainerPath, bool ReadOnly);

/// <summary><c>MappedPipe</c>.</summary>
internal sealed record MappedPipe(string ContainerPipeName, string HostPath);

/// <summary><c>Memory</c>.</summary>
internal sealed record MemoryDocument(long SizeInMB);

/// <summary><c>Processor</c>; at most one of the three is set.</summary>
internal sealed record ProcessorDocument
{
    /// <summary>Whole processors.</summary>
    public int Count { get; init; }

    /// <summary>1/100 % of the host's time, 1 to 10000.</summary>
    public int Maximum { get; init; }

    /// <summary>Relative weight, 1 to 10000.</summary>
    public int Weight { get; init; }
}

/// <summary><c>Networking</c>.</summary>
internal sealed record NetworkingDocument
{
    public bool AllowUnqualifiedDnsQuery { get; init; }

    /// <summary>Joined with commas.</summary>
    public string? DnsSearchList { get; init; }

    /// <summary>The GUID of the HCN namespace.</summary>
    public string? Namespace { get; init; }
}

/// <summary><c>Device</c>.</summary>
internal sealed record DeviceDocument
{
    public string? Type { get; init; }

    public string? InterfaceClassGuid { get; init; }

    public string? LocationPath { get; init; }
}

/// <summary><c>RegistryChanges</c>: values of the container's hives.</summary>
internal sealed record RegistryChanges(IReadOnlyList<RegistryValue> AddValues);

/// <summary><c>RegistryKey</c>.</summary>
internal sealed record RegistryKey(string Hive, string Name);

/// <summary><c>RegistryValue</c>.</summary>
internal sealed record RegistryValue
{
    public required RegistryKey Key { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? StringValue { get; init; }

    public int DWordValue { get; init; }

    public static RegistryValue Text(RegistryKey key, string name, string value) => new() { Key = key, Name = name, Type = "String", StringValue = value };

    public static RegistryValue Number(RegistryKey key, string name, int value) => new() { Key = key, Name = name, Type = "DWord", DWordValue = value };
}
