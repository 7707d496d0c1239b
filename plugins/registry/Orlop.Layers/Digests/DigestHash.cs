using System.Security.Cryptography;

namespace Orlop.Layers.Digests;

/// <summary>A digest that is computed piece by piece.</summary>
internal sealed class DigestHash(DigestAlgorithm algorithm) : IDisposable
{
    private readonly IncrementalHash _hash =
        IncrementalHash.CreateHash(algorithm == DigestAlgorithm.Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512);

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>The digest of all that was appended; starts anew.</summary>
    public Digest Finish()
    {
        Span<byte> value = stackalloc byte[64];
        int length = _hash.GetHashAndReset(value);
        return Digest.FromHash(algorithm, value[..length]);
    }

    public void Dispose() => _hash.Dispose();
}
