using Orlop.Cri.V1;

namespace Orlop.Testing.Nodes;

/// <summary>A container that ran to its end: its status and what it wrote.</summary>
public sealed record Finished(ContainerStatus Status, string Output, string Error)
{
    /// <summary>Lines of the standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
