using System.Globalization;
using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Users;

/// <summary>User and group ids: 32 bits without the last value, which means "no id" to the kernel.</summary>
/// <remarks>A number that is cut to 32 bits can become root (CVE-2024-40635), so nothing here is ever cut.</remarks>
internal static class UserId
{
    public const long Max = uint.MaxValue - 1L;

    public static long Check(long id, string what) => id is >= 0 and <= Max
        ? id
        : throw RuntimeException.InvalidArgument($"{what} {id} is out of range (0 to {Max}).");

    /// <summary>Whether the text is meant as a number: digits, with a sign or not.</summary>
    public static bool IsNumeric(ReadOnlySpan<char> text) => text.TrimStart("+-") is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange('0', '9');

    /// <exception cref="RuntimeException">InvalidArgument: a sign, or too many digits.</exception>
    public static long Parse(string text, string what) => TryParse(text, out long id)
        ? id
        : throw RuntimeException.InvalidArgument($"{what} '{text}' is not a number from 0 to {Max}.");

    public static bool TryParse(ReadOnlySpan<char> text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= Max;
}
