namespace Orlop.Abstractions.Execution;

/// <summary>Whose namespace is used; the numbers are those of CRI <c>NamespaceMode</c>.</summary>
public enum NamespaceMode
{
    /// <summary>One for the whole pod.</summary>
    Pod = 0,

    /// <summary>One for each container.</summary>
    Container = 1,

    /// <summary>The node's.</summary>
    Node = 2,

    /// <summary>That of another container of the pod (kubectl debug).</summary>
    Target = 3,
}
