using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A device of a Windows container.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsDevice
{
    /// <summary>For example an interface class GUID.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>class</c>.</summary>
    [JsonPropertyName("idType")]
    public required string IdType { get; init; }
}
