using System.Text.Json.Serialization;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Host.Engine.Specs;

/// <summary>A seccomp profile as files hold it: an OCI filter whose rules may depend on capabilities and architectures.</summary>
internal sealed record SeccompProfileFile
{
    [JsonPropertyName("defaultAction")]
    public required string DefaultAction { get; init; }

    [JsonPropertyName("defaultErrnoRet")]
    public uint? DefaultErrnoRet { get; init; }

    [JsonPropertyName("architectures")]
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>The older form of <see cref="Architectures"/>: each with those that it can run too.</summary>
    [JsonPropertyName("archMap")]
    public IReadOnlyList<ArchitectureFamily>? ArchitectureFamilies { get; init; }

    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }

    [JsonPropertyName("syscalls")]
    public IReadOnlyList<Rule>? Syscalls { get; init; }

    internal sealed record ArchitectureFamily
    {
        [JsonPropertyName("architecture")]
        public string Architecture { get; init; } = "";

        [JsonPropertyName("subArchitectures")]
        public IReadOnlyList<string>? SubArchitectures { get; init; }
    }

    internal sealed record Rule
    {
        [JsonPropertyName("names")]
        public IReadOnlyList<string>? Names { get; init; }

        /// <summary>The older form of <see cref="Names"/>.</summary>
        [JsonPropertyName("name")]
        public string? Name { get; init; }

        [JsonPropertyName("action")]
        public required string Action { get; init; }

        [JsonPropertyName("errnoRet")]
        public uint? ErrnoRet { get; init; }

        [JsonPropertyName("args")]
        public IReadOnlyList<SeccompArg>? Args { get; init; }

        [JsonPropertyName("includes")]
        public Condition? Includes { get; init; }

        [JsonPropertyName("excludes")]
        public Condition? Excludes { get; init; }
    }

    internal sealed record Condition
    {
        [JsonPropertyName("caps")]
        public IReadOnlyList<string>? Capabilities { get; init; }

        [JsonPropertyName("arches")]
        public IReadOnlyList<string>? Architectures { get; init; }

        [JsonPropertyName("minKernel")]
        public string? MinKernel { get; init; }
    }
}
