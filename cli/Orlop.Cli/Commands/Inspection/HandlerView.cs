namespace Orlop.Cli.Commands.Inspection;

/// <summary>A runtime handler and what it can do; the default one has the empty name too.</summary>
internal sealed record HandlerView(string Name, bool RecursiveReadOnlyMounts, bool UserNamespaces);
