using System.Text.Json.Serialization;
using Orlop.Linux.Containers;
using Orlop.Linux.Sandboxes;

namespace Orlop.Linux;

/// <summary>Source-generated JSON of the files in the state folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(SandboxRecordFile))]
internal sealed partial class StateJson : JsonSerializerContext;
