using System.Text.Json;
using System.Text.Json.Serialization;
using Orlop.Abstractions.Oci.Images;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Abstractions.Oci;

/// <summary>Source-generated JSON of the OCI documents: no reflection at run time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(LinuxSeccomp))]
[JsonSerializable(typeof(ImageConfiguration))]
public sealed partial class OciJson : JsonSerializerContext;
