namespace Orlop.Cli.Commands.Inspection;

/// <summary>A plugin as the daemon's <c>Status.info["plugins"]</c> tells it, and as <c>plugins --output json</c> shows it.</summary>
/// <param name="State">Active, Skipped, Unsupported, Failed or Disabled.</param>
/// <param name="Reason">Why it is not active.</param>
/// <param name="Kinds">The plug points that it serves.</param>
internal sealed record PluginView(string Id, string? Version, string State, string? Reason, IReadOnlyList<string>? Kinds, string? Folder);
