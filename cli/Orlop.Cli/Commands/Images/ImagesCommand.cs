using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Commands.Images;

/// <summary><c>orlop images</c>: one row for each name of an image.</summary>
internal sealed class ImagesCommand : CriCommand
{
    private readonly Option<bool> _digests = new("--digests") { Description = "Also the names by digest" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only ids" };

    public ImagesCommand(CliContext context, GlobalOptions options)
        : base("images", "List images", context, options)
    {
        Add(_digests);
        Add(_quiet);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var images = (await cri.ImagesAsync(cancellationToken))
            .OrderBy(image => image.RepoTags.Concat(image.RepoDigests).FirstOrDefault(image.Id), StringComparer.Ordinal)
            .ToList();

        if (arguments.GetValue(_quiet))
        {
            images.ForEach(image => Print.Line(image.Id));
            return ExitCodes.Success;
        }

        if (WantsJson(arguments))
        {
            Print.Json([.. images.Select(ViewOf)], CliJson.Readable.IReadOnlyListImageView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("IMAGE", "ID", "SIZE", "PINNED");
        foreach (var image in images)
        {
            foreach (string name in NamesOf(image, arguments.GetValue(_digests)))
                table.AddRow(Cells.Text(name), ShortId.Of(image.Id), Human.Size(image.Size), image.Pinned ? "yes" : "");
        }

        Print.Table(table);
        return ExitCodes.Success;
    }

    private static IEnumerable<string> NamesOf(Image image, bool digests)
    {
        var names = digests || image.RepoTags.Count == 0 ? image.RepoTags.Concat(image.RepoDigests) : image.RepoTags;
        return names.DefaultIfEmpty("<none>");
    }

    private static ImageView ViewOf(Image image) => new(
        image.Id, image.RepoTags, image.RepoDigests, image.Size,
        image.Uid is { } uid ? $"{uid.Value}" : image.Username.Length > 0 ? image.Username : null, image.Pinned);
}
