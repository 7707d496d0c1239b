using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Seccomp;

/// <summary>How an argument is compared; <c>enum scmp_compare</c>.</summary>
internal enum SeccompComparison
{
    NotEqual,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    MaskedEqual,
}

internal static class SeccompComparisons
{
    public static SeccompComparison Parse(string op) => op switch
    {
        "SCMP_CMP_NE" => SeccompComparison.NotEqual,
        "SCMP_CMP_LT" => SeccompComparison.Less,
        "SCMP_CMP_LE" => SeccompComparison.LessOrEqual,
        "SCMP_CMP_EQ" => SeccompComparison.Equal,
        "SCMP_CMP_GE" => SeccompComparison.GreaterOrEqual,
        "SCMP_CMP_GT" => SeccompComparison.Greater,
        "SCMP_CMP_MASKED_EQ" => SeccompComparison.MaskedEqual,
        _ => throw RuntimeException.InvalidArgument($"seccomp profile: unknown comparison '{op}'."),
    };
}
