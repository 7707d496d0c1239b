using System.Numerics;
using Orlop.Abstractions.Errors;

namespace Orlop.Cni.Requests;

/// <summary>The rates that a pod's annotations ask for, in bits per second.</summary>
/// <param name="Ingress">Towards the pod; null means unlimited.</param>
/// <param name="Egress">From the pod; null means unlimited.</param>
internal sealed record Bandwidth(long? Ingress, long? Egress)
{
    public const string IngressAnnotation = "kubernetes.io/ingress-bandwidth";
    public const string EgressAnnotation = "kubernetes.io/egress-bandwidth";

    /// <summary>The burst that goes with a rate, in bits: the most that the bandwidth plugin takes, as with containerd and CRI-O.</summary>
    public const uint Burst = uint.MaxValue;

    // The kubelet's bounds: 1k and 1P.
    private static readonly BigInteger s_least = BigInteger.Pow(10, 3);
    private static readonly BigInteger s_most = BigInteger.Pow(10, 15);

    public bool IsUnlimited => Ingress is null && Egress is null;

    /// <exception cref="RuntimeException">An annotation is no quantity, or out of bounds.</exception>
    public static Bandwidth From(IReadOnlyDictionary<string, string> annotations) =>
        new(Read(annotations, IngressAnnotation), Read(annotations, EgressAnnotation));

    private static long? Read(IReadOnlyDictionary<string, string> annotations, string key)
    {
        if (!annotations.TryGetValue(key, out string? text))
        {
            return null;
        }

        if (!Quantity.TryParse(text, out BigInteger rate))
        {
            throw RuntimeException.InvalidArgument($"Annotation {key}: '{text}' is no quantity; write for example 10M for ten million bits per second.");
        }

        return rate >= s_least && rate <= s_most
            ? (long)rate
            : throw RuntimeException.InvalidArgument($"Annotation {key}: {text} is {rate} bits per second, which is not between 1k and 1P.");
    }
}
