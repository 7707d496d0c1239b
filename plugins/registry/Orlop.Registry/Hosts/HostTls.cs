namespace Orlop.Registry.Hosts;

/// <summary>How to connect to a host.</summary>
internal sealed record HostTls
{
    public static HostTls Default { get; } = new();

    /// <summary>PEM files with certificates to trust beside the system's.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>PEM files with the client's certificate and its key; the key is empty when both are in one file.</summary>
    public IReadOnlyList<(string Certificate, string Key)> ClientCertificates { get; init; } = [];

    /// <summary>Any certificate will do.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>How long connecting may take.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
