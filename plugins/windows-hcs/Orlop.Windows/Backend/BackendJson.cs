using System.Text.Json.Serialization;

namespace Orlop.Windows.Backend;

/// <summary>Source-generated JSON of the plugin's records.</summary>
[JsonSerializable(typeof(SandboxState))]
[JsonSerializable(typeof(ContainerState))]
internal sealed partial class BackendJson : JsonSerializerContext;
