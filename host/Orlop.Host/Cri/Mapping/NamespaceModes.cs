using Orlop.Abstractions.Errors;
using NamespaceMode = Orlop.Abstractions.Execution.NamespaceMode;

namespace Orlop.Host.Cri.Mapping;

internal static class NamespaceModes
{
    /// <summary>The mode of a request; that of the pod without one. The numbers are the same.</summary>
    public static NamespaceMode Of(string kind, Orlop.Cri.V1.NamespaceMode? mode) =>
        mode is not { } given ? NamespaceMode.Pod
        : Enum.IsDefined(given) ? (NamespaceMode)(int)given
        : throw RuntimeException.InvalidArgument($"the {kind} namespace cannot be of mode {(int)given}; use POD, CONTAINER, NODE or TARGET");
}
