namespace Orlop.Cli.Commands.Images;

/// <summary>An image in <c>images --output json</c>; the user is a uid or a name, as the image states it.</summary>
internal sealed record ImageView(
    string Id, IReadOnlyList<string> RepoTags, IReadOnlyList<string> RepoDigests, ulong SizeBytes, string? User, bool Pinned);
