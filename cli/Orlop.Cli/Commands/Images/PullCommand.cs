using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;

namespace Orlop.Cli.Commands.Images;

/// <summary><c>orlop pull</c>: fetches an image, with a progress bar on a terminal.</summary>
internal sealed class PullCommand : CriCommand
{
    private readonly Argument<string> _image = new("image") { Description = "An image reference, for example docker.io/library/busybox:1.36" };
    private readonly CredentialOptions _credentials = new();

    public PullCommand(CliContext context, GlobalOptions options)
        : base("pull", "Pull an image", context, options)
    {
        Add(_image);
        _credentials.AddTo(this);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        string image = arguments.GetValue(_image)!;
        var credentials = await _credentials.ReadAsync(arguments, Context, cancellationToken);
        string id = await new ImagePuller(cri, Context, Print).PullAsync(image, credentials, pod: null, cancellationToken);

        if (WantsJson(arguments))
            Print.Json(new PulledView(image, id), CliJson.Readable.PulledView);
        else
            Print.Line(id);

        return ExitCodes.Success;
    }
}
