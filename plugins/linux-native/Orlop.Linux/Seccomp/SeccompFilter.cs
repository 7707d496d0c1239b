namespace Orlop.Linux.Seccomp;

/// <summary>A compiled filter.</summary>
/// <param name="Program">An array of <c>struct sock_filter</c>.</param>
/// <param name="Flags"><c>SECCOMP_FILTER_FLAG_*</c> for seccomp(2).</param>
internal sealed record SeccompFilter(byte[] Program, uint Flags);
