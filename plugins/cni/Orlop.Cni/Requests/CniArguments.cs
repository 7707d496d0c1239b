using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;

namespace Orlop.Cni.Requests;

/// <summary>The <c>CNI_ARGS</c> of a pod, by the names that network add-ons know from every Kubernetes runtime.</summary>
internal static class CniArguments
{
    /// <exception cref="RuntimeException">A value has a character that cannot be handed over.</exception>
    public static string For(PodNetworkRequest request) => string.Join(
        ';',
        "IgnoreUnknown=1",
        Pair("K8S_POD_NAMESPACE", request.PodNamespace),
        Pair("K8S_POD_NAME", request.PodName),
        Pair("K8S_POD_INFRA_CONTAINER_ID", request.SandboxId),
        Pair("K8S_POD_UID", request.PodUid));

    // There is no way to quote; a separator in a value would become an argument of its own (R24).
    private static string Pair(string name, string value) => value.AsSpan().IndexOfAny(";=\0\n") < 0
        ? $"{name}={value}"
        : throw RuntimeException.InvalidArgument($"'{value}' cannot be handed to CNI plugins as {name}: it holds ';', '=', a line feed or a NUL.");
}
