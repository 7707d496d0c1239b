namespace Orlop.Cli.Commands.Inspection;

/// <summary>A condition of the runtime; the reason and message are empty while it holds.</summary>
internal sealed record ConditionView(string Type, bool Status, string Reason, string Message);
