using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Orlop.Layers.Digests;

/// <summary>The name of some bytes: <c>sha256:…</c> or <c>sha512:…</c> (OCI image spec, descriptor.md, "Digests").</summary>
internal sealed record Digest
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private Digest(DigestAlgorithm algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    public DigestAlgorithm Algorithm { get; }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        using var hash = new DigestHash(DigestAlgorithm.Sha256);
        hash.Append(bytes);
        return hash.Finish();
    }

    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash) => new(algorithm, Convert.ToHexStringLower(hash));

    /// <exception cref="FormatException">It is none, or of an algorithm that is not supported; the message quotes it.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"\"{text}\" is no digest: sha256: with 64 or sha512: with 128 lower-case hexadecimal digits");

    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0)
            return false;
        string hex = text![(colon + 1)..];
        DigestAlgorithm? algorithm = text[..colon] switch
        {
            "sha256" when hex.Length == 64 => DigestAlgorithm.Sha256,
            "sha512" when hex.Length == 128 => DigestAlgorithm.Sha512,
            _ => null,
        };
        if (algorithm is null || hex.AsSpan().ContainsAnyExcept(LowerHex))
            return false;
        digest = new Digest(algorithm.Value, hex);
        return true;
    }

    public override string ToString() => $"{(Algorithm == DigestAlgorithm.Sha256 ? "sha256" : "sha512")}:{Hex}";
}
