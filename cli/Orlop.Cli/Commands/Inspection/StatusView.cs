namespace Orlop.Cli.Commands.Inspection;

/// <summary>The answer of <c>status --output json</c>; ready means that every condition holds.</summary>
internal sealed record StatusView(
    bool Ready, VersionView Version, IReadOnlyList<ConditionView> Conditions, IReadOnlyList<HandlerView> Handlers,
    IReadOnlyDictionary<string, string> BrokenHandlers);
