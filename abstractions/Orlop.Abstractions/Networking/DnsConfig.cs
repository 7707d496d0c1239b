namespace Orlop.Abstractions.Networking;

/// <summary>A pod's resolver; CRI <c>DNSConfig</c>.</summary>
/// <param name="Servers">Addresses of name servers.</param>
/// <param name="Searches">Search domains.</param>
/// <param name="Options">Options of resolv.conf(5), for example <c>ndots:5</c>.</param>
public sealed record DnsConfig(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    /// <summary>Nothing is asked for: the pod uses the node's resolver.</summary>
    public static DnsConfig Empty { get; } = new([], [], []);

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => Servers.Count == 0 && Searches.Count == 0 && Options.Count == 0;
}
