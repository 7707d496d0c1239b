using System.Text.Json.Serialization;

namespace Orlop.Registry.Auth;

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class AuthJson : JsonSerializerContext;
