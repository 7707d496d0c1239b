namespace Orlop.Abstractions.Networking;

/// <summary>Whether a pod network is ready; becomes the CRI condition <c>NetworkReady</c>.</summary>
/// <param name="Ready">Pods can be attached.</param>
/// <param name="Reason">One word when not ready: <c>NetworkPluginNotReady</c>.</param>
/// <param name="Message">For the operator: what is missing and where it belongs.</param>
public sealed record NetworkStatus(bool Ready, string Reason, string Message)
{
    /// <summary>Ready.</summary>
    public static NetworkStatus IsReady { get; } = new(true, "", "");
}
