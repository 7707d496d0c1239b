namespace Orlop.Cli.Commands.Images;

/// <summary>The answer of <c>pull --output json</c>.</summary>
internal sealed record PulledView(string Image, string Id);
