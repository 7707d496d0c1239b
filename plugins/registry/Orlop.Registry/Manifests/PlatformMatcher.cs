using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;
using Orlop.Registry.Http;

namespace Orlop.Registry.Manifests;

/// <summary>Chooses from an index the manifest that suits a machine best.</summary>
/// <param name="architecture">In Go's terms, as images have it: <c>amd64</c>.</param>
/// <param name="variants">What the machine can run, the best first; an empty one is an image that names none.</param>
internal sealed class PlatformMatcher(string architecture, IReadOnlyList<string> variants)
{
    private const string Os = "linux";

    /// <summary>For this machine.</summary>
    public static PlatformMatcher ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => new PlatformMatcher("amd64", AmdVariants()),
        Architecture.Arm64 => new PlatformMatcher("arm64", ["v8", ""]),
        Architecture.Arm => new PlatformMatcher("arm", ["v7", "", "v6", "v5"]),
        Architecture.X86 => new PlatformMatcher("386", [""]),
        Architecture.Ppc64le => new PlatformMatcher("ppc64le", [""]),
        var other => new PlatformMatcher(other.ToString().ToLowerInvariant(), [""]),
    };

    /// <exception cref="RegistryException"><see cref="ErrorKind.NotFound"/> when there is none; the message lists what there is.</exception>
    public Descriptor Choose(IReadOnlyList<Descriptor> manifests, Digest index)
    {
        foreach (string variant in variants)
        {
            if (manifests.FirstOrDefault(m => m.Platform is { Os: Os } p && p.Architecture == architecture && (p.Variant ?? "") == variant) is { } match)
                return match;
        }

        // Old indexes and hand-made ones name no platform: the first one counts.
        if (manifests.FirstOrDefault(m => m.Platform is null && MediaTypes.Manifests.Contains(m.MediaType)) is { } unnamed)
            return unnamed;
        string has = string.Join(", ", manifests.Where(m => m.Platform is { Os: not "unknown" }).Select(m => m.Platform!.ToString()).Distinct());
        throw new RegistryException(ErrorKind.NotFound, $"there is no image for {Os}/{architecture} in index {index}; it has {(has.Length == 0 ? "none at all" : has)}");
    }

    // The micro-architecture levels of the x86-64 psABI.
    private static string[] AmdVariants()
    {
        if (!Sse42.IsSupported || !Popcnt.IsSupported)
            return ["v1", ""];
        if (!Avx2.IsSupported || !Bmi1.IsSupported || !Bmi2.IsSupported || !Fma.IsSupported || !Lzcnt.IsSupported)
            return ["v2", "", "v1"];
        bool isV4 = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;
        return isV4 ? ["v4", "v3", "v2", "", "v1"] : ["v3", "v2", "", "v1"];
    }
}
