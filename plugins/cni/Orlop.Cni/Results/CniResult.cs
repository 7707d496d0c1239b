using System.Net;
using System.Text.Json;

namespace Orlop.Cni.Results;

/// <summary>The result of an ADD, from any version of the specification.</summary>
/// <param name="Json">The object as the plugin printed it, with the version that was spoken; what the next plugin gets as <c>prevResult</c>.</param>
/// <param name="Interfaces">Made or moved interfaces; versions of before 0.3.0 name none.</param>
/// <param name="Addresses">Assigned addresses.</param>
internal sealed record CniResult(JsonElement Json, IReadOnlyList<CniInterface> Interfaces, IReadOnlyList<CniAddress> Addresses)
{
    /// <summary>
    /// The addresses of the pod's interface in the plugin's order. An address without an interface is the pod's, and
    /// those of the node's interfaces never are; only when the pod's interface has none, those of its other interfaces count.
    /// </summary>
    public IReadOnlyList<IPAddress> PodAddresses(string interfaceName)
    {
        var own = Select(address => address.Interface is not { } index || Interfaces[index].Name == interfaceName);
        return own.Count > 0 ? own : Select(address => address.Interface is { } index && Interfaces[index].Sandbox.Length > 0);
    }

    private List<IPAddress> Select(Func<CniAddress, bool> belongs) =>
        Addresses.Where(belongs).Select(address => address.Address).Distinct().ToList();
}

/// <summary>An interface of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sandbox">The network namespace that it is in; empty on the node.</param>
internal sealed record CniInterface(string Name, string Sandbox);

/// <summary>An address of a result.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The length of its subnet's prefix in bits.</param>
/// <param name="Interface">The index of the interface that has it; null when the plugin does not say.</param>
internal sealed record CniAddress(IPAddress Address, int PrefixLength, int? Interface);
