namespace Orlop.Registry.Hosts;

/// <summary>One place that a registry's content can be had from: the registry itself or a mirror.</summary>
internal sealed record RegistryHost
{
    /// <summary>Scheme, host and path that <c>/&lt;repository&gt;/manifests/…</c> is appended to; ends in <c>/v2</c> unless the path is overridden.</summary>
    public required Uri Base { get; init; }

    /// <summary>The registry whose content is meant, for a mirror that serves several; sent as <c>?ns=</c>.</summary>
    public string? Namespace { get; init; }

    public HostCapabilities Capabilities { get; init; } = HostCapabilities.Pull | HostCapabilities.Resolve;

    /// <summary>Sent with every request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public HostTls Tls { get; init; } = HostTls.Default;

    /// <summary>For messages: <c>registry-1.docker.io</c>.</summary>
    public string Name => Base.Authority;
}
