using System.Text.Json.Serialization;

namespace Orlop.Cni.Attachments;

/// <summary>How attachments are stored.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Attachment))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class AttachmentJson : JsonSerializerContext;
