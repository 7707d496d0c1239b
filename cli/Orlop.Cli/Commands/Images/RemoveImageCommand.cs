using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Images;

/// <summary><c>orlop rmi</c>: removes images with all their names, or all that no container uses.</summary>
internal sealed class RemoveImageCommand : CriCommand
{
    private readonly Argument<string[]> _images = new("image") { Description = "Names or ids", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _prune = new("--prune") { Description = "All images that no container uses and that are not pinned" };

    public RemoveImageCommand(CliContext context, GlobalOptions options)
        : base("rmi", "Remove images", context, options)
    {
        Add(_images);
        Add(_prune);
        Validators.Add(result =>
        {
            if (result.GetValue(_prune) == (result.GetValue(_images) is { Length: > 0 }))
                result.AddError("Name images, or use --prune without names");
        });
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var references = arguments.GetValue(_prune) ? await UnusedAsync(cri, cancellationToken) : arguments.GetValue(_images)!;
        return await ForEachAsync(references, async reference =>
        {
            // Removal of an absent image is a success in the CRI; a person who mistyped a name wants to know.
            var image = (await cri.ImageStatusAsync(reference, verbose: false, cancellationToken)).Image
                ?? throw new CliException($"remove image {reference}", "there is no such image", "list the images with: orlop images");
            await cri.RemoveImageAsync(reference, cancellationToken);
            Print.Line(image.RepoTags.Concat(image.RepoDigests).FirstOrDefault(image.Id));
        });
    }

    private static async Task<IReadOnlyList<string>> UnusedAsync(CriClient cri, CancellationToken cancellationToken)
    {
        var used = (await cri.ContainersAsync(filter: null, cancellationToken))
            .SelectMany(container => new[] { container.ImageId, container.ImageRef, container.Image?.Image ?? "" })
            .ToHashSet(StringComparer.Ordinal);

        return [.. (await cri.ImagesAsync(cancellationToken))
            .Where(image => !image.Pinned && !image.RepoTags.Concat(image.RepoDigests).Append(image.Id).Any(used.Contains))
            .Select(image => image.Id)];
    }
}
