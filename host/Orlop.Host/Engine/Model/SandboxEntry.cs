using System.Text.Json.Serialization;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Engine.Model;

/// <summary>All that is known of a pod sandbox, as it is kept on record and shown to readers. Immutable.</summary>
internal sealed record SandboxEntry
{
    public required SandboxSpec Spec { get; init; }

    /// <summary>The runtime handler as it was asked for.</summary>
    public required string Handler { get; init; }

    /// <summary>The backend that made it; a later change of the handler does not move it.</summary>
    public required string Backend { get; init; }

    public required string LogDirectory { get; init; }

    public IReadOnlyList<PortMapping> PortMappings { get; init; } = [];

    public SandboxResources Resources { get; init; } = new();

    /// <summary>Tells a repeated request from a changed one (R1).</summary>
    public required string Fingerprint { get; init; }

    public required SandboxState State { get; init; }

    /// <summary>Never the same and never earlier for a later sandbox: the kubelet sorts by it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The pod's addresses, the primary one first; empty on the node's network.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Whether a network attachment may exist; set before the attach and cleared after the detach (R8).</summary>
    public bool Attached { get; init; }

    /// <summary>Whether it is not ready only because its backend was not there, or could not look, when the daemon started.</summary>
    public bool Unreachable { get; init; }

    /// <summary>Whether it is what could not be taken back of a failed try: nobody was given its id.</summary>
    public bool NeverReady { get; init; }

    /// <summary>Whether the same request makes it anew, after taking away what is here of it.</summary>
    [JsonIgnore]
    public bool IsHalfMade => NeverReady || State == SandboxState.Creating;

    public string Id => Spec.Id;
}
