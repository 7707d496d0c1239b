using Orlop.Cli.Output;
using Spectre.Console;

namespace Orlop.Cli.Commands.Inspection;

/// <summary>Draws an operation's phases as bars on its time axis.</summary>
internal static class Waterfall
{
    /// <summary>Columns of the time axis.</summary>
    public const int Width = 40;

    // A block of each number of eighths, filled from the left.
    private const string Blocks = " ▏▎▍▌▋▊▉█";

    public static Table Draw(TraceView trace)
    {
        var phases = trace.Phases ?? [];
        double end = phases.Select(phase => phase.StartMs + (phase.DurationMs ?? 0)).Append(trace.DurationMs ?? 0).Max();

        var table = Cells.NewTable("PHASE", "START", "TOOK", "".PadRight(Width), "NOTE");
        foreach (var phase in phases)
        {
            table.AddRow(
                Cells.Text(new string(' ', 2 * phase.Depth) + phase.Name),
                Human.Milliseconds(phase.StartMs),
                phase.DurationMs is { } took ? Human.Milliseconds(took) : "…",
                $"[blue]{Bar(phase.StartMs, phase.DurationMs ?? Math.Max(0, end - phase.StartMs), end)}[/]",
                Cells.Text(phase.Note));
        }

        return table;
    }

    /// <summary>A bar of eighths of a column; even the shortest phase shows a sliver, and none leaves the axis.</summary>
    internal static string Bar(double start, double duration, double end)
    {
        if (end <= 0)
            return Blocks[1] + new string(' ', Width - 1);

        int eighths = 8 * Width;
        int from = Math.Clamp((int)Math.Floor(start / end * eighths), 0, eighths - 1);
        int to = Math.Clamp((int)Math.Ceiling((start + duration) / end * eighths), from + 1, eighths);

        // Blocks fill from the left only, so that a bar begins at a whole column.
        int column = from / 8;
        int length = Math.Max(1, to - (8 * column));
        string bar = new string(Blocks[8], length / 8) + (length % 8 > 0 ? Blocks[length % 8].ToString() : "");
        return (new string(' ', column) + bar).PadRight(Width);
    }
}
