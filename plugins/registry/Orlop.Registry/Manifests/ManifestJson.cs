using System.Text.Json.Serialization;

namespace Orlop.Registry.Manifests;

[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class ManifestJson : JsonSerializerContext;
