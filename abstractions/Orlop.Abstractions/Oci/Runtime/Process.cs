using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The first process of a container, or one that is run in it.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Process
{
    /// <summary>Whether it has a terminal.</summary>
    [JsonPropertyName("terminal")]
    public bool Terminal { get; init; }

    /// <summary>The size of its terminal.</summary>
    [JsonPropertyName("consoleSize")]
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>Who it is.</summary>
    [JsonPropertyName("user")]
    public User? User { get; init; }

    /// <summary>Program and arguments.</summary>
    [JsonPropertyName("args")]
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Windows: the whole command line, where the image says that its arguments are escaped.</summary>
    [JsonPropertyName("commandLine")]
    public string? CommandLine { get; init; }

    /// <summary><c>NAME=value</c>.</summary>
    [JsonPropertyName("env")]
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Working directory; absolute.</summary>
    [JsonPropertyName("cwd")]
    public string Cwd { get; init; } = "/";

    /// <summary>Capability sets.</summary>
    [JsonPropertyName("capabilities")]
    public LinuxCapabilities? Capabilities { get; init; }

    /// <summary>Resource limits.</summary>
    [JsonPropertyName("rlimits")]
    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    /// <summary>PR_SET_NO_NEW_PRIVS of prctl(2).</summary>
    [JsonPropertyName("noNewPrivileges")]
    public bool NoNewPrivileges { get; init; }

    /// <summary>The AppArmor profile.</summary>
    [JsonPropertyName("apparmorProfile")]
    public string? ApparmorProfile { get; init; }

    /// <summary><c>/proc/[pid]/oom_score_adj</c>.</summary>
    [JsonPropertyName("oomScoreAdj")]
    public int? OomScoreAdj { get; init; }

    /// <summary>The SELinux label.</summary>
    [JsonPropertyName("selinuxLabel")]
    public string? SelinuxLabel { get; init; }
}
