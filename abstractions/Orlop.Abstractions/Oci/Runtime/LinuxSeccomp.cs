using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A system call filter; seccomp(2).</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record LinuxSeccomp
{
    /// <summary><c>SCMP_ACT_ERRNO</c>: what happens to a call that no rule names.</summary>
    [JsonPropertyName("defaultAction")]
    public required string DefaultAction { get; init; }

    /// <summary>The errno of the default action.</summary>
    [JsonPropertyName("defaultErrnoRet")]
    public uint? DefaultErrnoRet { get; init; }

    /// <summary><c>SCMP_ARCH_X86_64</c> and others that may make calls.</summary>
    [JsonPropertyName("architectures")]
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary><c>SECCOMP_FILTER_FLAG_LOG</c> and others.</summary>
    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>A socket that gets the notification descriptor.</summary>
    [JsonPropertyName("listenerPath")]
    public string? ListenerPath { get; init; }

    /// <summary>Text for that socket.</summary>
    [JsonPropertyName("listenerMetadata")]
    public string? ListenerMetadata { get; init; }

    /// <summary>The rules.</summary>
    [JsonPropertyName("syscalls")]
    public IReadOnlyList<SeccompSyscall>? Syscalls { get; init; }
}
