using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orlop.Cli.Commands.Configuration;
using Orlop.Cli.Commands.Images;
using Orlop.Cli.Commands.Inspection;
using Orlop.Cli.Commands.Listing;
using Orlop.Cli.Commands.Running;

namespace Orlop.Cli.Output;

/// <summary>The JSON of <c>--output json</c>: camelCase, every documented field always present.</summary>
[JsonSerializable(typeof(IReadOnlyList<ContainerView>))]
[JsonSerializable(typeof(IReadOnlyList<PodView>))]
[JsonSerializable(typeof(IReadOnlyList<ImageView>))]
[JsonSerializable(typeof(IReadOnlyList<UsageView>))]
[JsonSerializable(typeof(IReadOnlyList<PluginView>))]
[JsonSerializable(typeof(IReadOnlyList<SettingView>))]
[JsonSerializable(typeof(IReadOnlyList<TraceView>))]
[JsonSerializable(typeof(PullProgress))]
[JsonSerializable(typeof(PulledView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(VersionView))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The context that the commands read and print with: names of images and paths stay readable.</summary>
    public static CliJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
