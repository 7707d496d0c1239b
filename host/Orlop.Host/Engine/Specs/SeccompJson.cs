using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orlop.Host.Engine.Specs;

[JsonSourceGenerationOptions(ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(SeccompProfileFile))]
internal sealed partial class SeccompJson : JsonSerializerContext;
