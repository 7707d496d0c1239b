using Orlop.Abstractions.Errors;

namespace Orlop.Cni.Requests;

/// <summary>The <c>CNI_ARGS</c> of a pod, by the names that network add-ons know from every Kubernetes runtime.</summary>
internal static class CniArguments
{
    public static string For(string sandboxId, string podNamespace, string podName, string podUid) => string.Join(';',
        "IgnoreUnknown=1",
        Pair("K8S_POD_NAMESPACE", podNamespace),
        Pair("K8S_POD_NAME", podName),
        Pair("K8S_POD_INFRA_CONTAINER_ID", sandboxId),
        Pair("K8S_POD_UID", podUid));

    // There is no way to quote; a separator in a value would become an argument of its own (R24).
    private static string Pair(string name, string value) => value.AsSpan().IndexOfAny(";=\0\n") < 0
        ? $"{name}={value}"
        : throw RuntimeException.InvalidArgument($"'{value}' cannot be handed to CNI plugins as {name}: it holds ';', '=', a line feed or a NUL.");
}
