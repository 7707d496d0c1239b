using System.Security.Cryptography;

namespace Orlop.Host.Engine;

/// <summary>New ids: 64 hex digits, as every CRI client expects them.</summary>
internal static class Identifiers
{
    public static string New() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
