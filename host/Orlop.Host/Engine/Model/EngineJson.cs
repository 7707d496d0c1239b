using System.Text.Json.Serialization;

namespace Orlop.Host.Engine.Model;

/// <summary>How entries are kept on record. Numbers of enums are stable; new members get defaults (upgrades keep pods).</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxEntry))]
[JsonSerializable(typeof(ContainerEntry))]
[JsonSerializable(typeof(SandboxRequest))]
[JsonSerializable(typeof(ContainerRequest))]
internal sealed partial class EngineJson : JsonSerializerContext;
