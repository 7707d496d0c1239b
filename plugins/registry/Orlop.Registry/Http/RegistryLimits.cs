namespace Orlop.Registry.Http;

/// <summary>How patient and how generous the client is.</summary>
internal sealed record RegistryLimits
{
    /// <summary>Repetitions of one request.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Before the first repetition; doubled for each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a transfer may stand still.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer's header may take.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a manifest or index; the distribution spec asks registries for 4 MiB at least.</summary>
    public int ManifestSize { get; init; } = 4 << 20;

    /// <summary>Bytes of an image's configuration.</summary>
    public int ConfigurationSize { get; init; } = 8 << 20;
}
