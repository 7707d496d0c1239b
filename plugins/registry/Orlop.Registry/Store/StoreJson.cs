using System.Text.Json.Serialization;

namespace Orlop.Registry.Store;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(PullRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;
