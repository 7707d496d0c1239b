using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orlop.Cni.Attachments;

/// <summary>A sandbox on a network, with everything that its DEL needs whatever is configured by then (R9).</summary>
internal sealed record Attachment
{
    /// <summary>The sandbox, which is <c>CNI_CONTAINERID</c>: two attempts of one pod never share one.</summary>
    public required string SandboxId { get; init; }

    /// <summary>For messages; empty when the pod is not known any more.</summary>
    public required string PodNamespace { get; init; }

    /// <summary>For messages; empty when the pod is not known any more.</summary>
    public required string PodName { get; init; }

    public required AttachmentState State { get; init; }

    public required string Network { get; init; }

    /// <summary>The version of the protocol that was chosen for it.</summary>
    public required string CniVersion { get; init; }

    public required string InterfaceName { get; init; }

    /// <summary>The namespace's path at ADD.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>Tells whether a path still leads to the namespace that was attached; null when that was never known.</summary>
    public string? NamespaceIdentity { get; init; }

    /// <summary>The configuration as it was used, byte by byte.</summary>
    public required byte[] Configuration { get; init; }

    /// <summary>The file that it came from, for messages.</summary>
    public required string ConfigurationFile { get; init; }

    /// <summary><c>CNI_ARGS</c>.</summary>
    public required string Arguments { get; init; }

    /// <summary>What the runtime offered to plugins by capability.</summary>
    public required JsonElement CapabilityArguments { get; init; }

    /// <summary>The result of the last plugin that has run; null before the first.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it is still owed.</summary>
    public string? Error { get; init; }

    /// <summary>For messages.</summary>
    [JsonIgnore]
    public string Subject => PodName.Length > 0
        ? $"pod {PodNamespace}/{PodName} (sandbox {SandboxId}, network {Network})"
        : $"sandbox {SandboxId} (network {Network})";
}
