using System.Net;

namespace Orlop.Abstractions.Networking;

/// <summary>What a pod got when it was attached.</summary>
/// <param name="Addresses">Its addresses, the primary one first; at most one of each family is shown to the kubelet.</param>
public sealed record PodNetworkResult(IReadOnlyList<IPAddress> Addresses);
