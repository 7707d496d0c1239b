using System.CommandLine;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;

namespace Orlop.Cli.Commands.Inspection;

/// <summary>
/// <c>orlop inspect</c>: <c>{"status": …, "info": …}</c> of a pod, a container or an image; the status in the protobuf JSON
/// mapping with times as RFC 3339.
/// </summary>
internal sealed class InspectCommand : CriCommand
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    private static readonly string[] Instants = ["createdAt", "startedAt", "finishedAt"];

    private readonly Argument<string> _target = new("target") { Description = "A pod, a container, or an image with --image" };
    private readonly Option<bool> _image = new("--image") { Description = "The target is an image" };

    public InspectCommand(CliContext context, GlobalOptions options)
        : base("inspect", "Show all that is known of a pod, a container or an image, as JSON", context, options)
    {
        Add(_target);
        Add(_image);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        string reference = arguments.GetValue(_target)!;
        var answer = arguments.GetValue(_image)
            ? await ImageAsync(reference, cri, cancellationToken)
            : await PodOrContainerAsync(reference, cri, cancellationToken);

        Print.Json(answer, CliJson.Readable.JsonObject);
        return ExitCodes.Success;
    }

    private static async Task<JsonObject> ImageAsync(string reference, CriClient cri, CancellationToken cancellationToken)
    {
        var image = await cri.ImageStatusAsync(reference, verbose: true, cancellationToken);
        return image.Image is { } status
            ? Answer(ToJson(status), image.Info.ToJson())
            : throw new CliException($"inspect image {reference}", "there is no such image", "list the images with: orlop images");
    }

    private static async Task<JsonObject> PodOrContainerAsync(string reference, CriClient cri, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(cri, reference, cancellationToken);
        if (target.Pod is null)
        {
            var container = await cri.ContainerStatusAsync(target.Id, verbose: true, cancellationToken);
            return Answer(ToJson(container.Status), container.Info.ToJson());
        }

        var pod = await cri.PodStatusAsync(target.Id, verbose: true, cancellationToken);
        return Answer(ToJson(pod.Status), pod.Info.ToJson());
    }

    private static JsonObject Answer(JsonObject status, JsonObject info) => new() { ["status"] = status, ["info"] = info };

    private static JsonObject ToJson(IMessage message)
    {
        var json = JsonNode.Parse(Formatter.Format(message))!.AsObject();
        foreach (string field in Instants)
        {
            if (json[field] is { } nanoseconds)
                json[field] = Human.Timestamp(long.Parse(nanoseconds.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
        }

        return json;
    }
}
