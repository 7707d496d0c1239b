namespace Orlop.Windows.Backend;

/// <summary>What the plugin keeps of a pod sandbox.</summary>
/// <param name="NetworkNamespace">The HCN namespace that was made for it.</param>
internal sealed record SandboxState(Guid NetworkNamespace);
