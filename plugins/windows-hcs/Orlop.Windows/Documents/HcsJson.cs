using System.Text.Json.Serialization;

namespace Orlop.Windows.Documents;

/// <summary>Source-generated JSON of the documents that go to HCS and come from it. Defaults are left out, as HCS expects.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ComputeSystemDocument))]
[JsonSerializable(typeof(ProcessDocument))]
[JsonSerializable(typeof(SignalOptions))]
[JsonSerializable(typeof(SystemQuery))]
[JsonSerializable(typeof(PropertyQuery))]
[JsonSerializable(typeof(ProcessStatus))]
[JsonSerializable(typeof(SystemProperties))]
[JsonSerializable(typeof(IReadOnlyList<SystemProperties>))]
internal sealed partial class HcsJson : JsonSerializerContext;
