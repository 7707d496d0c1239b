using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Engine.Model;

/// <summary>A pod sandbox that somebody asked for: CRI <c>RunPodSandboxRequest</c> in our terms.</summary>
internal sealed record SandboxRequest
{
    /// <summary>What the backend is to make; its id is empty until the engine gives one.</summary>
    public required SandboxSpec Spec { get; init; }

    /// <summary>The runtime handler as it was asked for; empty is the default one.</summary>
    public string Handler { get; init; } = "";

    /// <summary>The folder of the pod's logs; empty discards them.</summary>
    public string LogDirectory { get; init; } = "";

    public IReadOnlyList<PortMapping> PortMappings { get; init; } = [];

    public SandboxResources Resources { get; init; } = new();
}
