using System.Globalization;
using System.Text;
using Orlop.Bench.Measuring;

namespace Orlop.Bench.Reporting;

/// <summary>Figures as Markdown: the targets first, then everything, with ratios against each other runtime.</summary>
/// <remarks>The first runtime of the results is the one that is judged, the second the one that the targets compare with.</remarks>
internal static class MarkdownTables
{
    public static string Write(IReadOnlyList<Figure> figures)
    {
        string[] runtimes = [.. figures.Select(f => f.Runtime).Distinct(StringComparer.Ordinal)];
        var byName = figures.GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToDictionary(f => f.Runtime, StringComparer.Ordinal), StringComparer.Ordinal);
        var text = new StringBuilder();
        if (runtimes.Length > 1) WriteTargets(text, byName, runtimes);
        foreach (string unit in (string[])["ms", "MiB"]) WriteAll(text, [.. byName.Where(f => f.Value[runtimes[0]].Unit == unit)], runtimes, unit);
        return text.ToString();
    }

    private static void WriteTargets(StringBuilder text, Dictionary<string, Dictionary<string, Figure>> figures, string[] runtimes)
    {
        text.AppendLine("\n### Targets\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"| figure | {runtimes[0]} | {runtimes[1]} | ratio | target | |\n|---|--:|--:|--:|--:|---|");
        foreach (var target in Target.All)
        {
            if (!figures.TryGetValue(target.Figure, out var of)) continue;
            var (ours, theirs) = (Measure(of[runtimes[0]], target.Cpu), Measure(of[runtimes[1]], target.Cpu));
            if (ours is null || theirs is null) continue;
            double ratio = ours.Value / theirs.Value;
            bool met = target.Ratio is { } most ? ratio <= most : ours <= target.Value;
            string unit = of[runtimes[0]].Unit;
            string wanted = target.Ratio is { } r ? $"≤ {Number(r)}" : $"≤ {Number(target.Value!.Value)} {unit}";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {(target.Cpu ? "CPU: " : "")}{target.Figure} | {Number(ours.Value)} {unit} | {Number(theirs.Value)} {unit} | {ratio:0.00} | {wanted} | {(met ? "met" : "**missed**")} |");
        }
    }

    private static void WriteAll(StringBuilder text, IReadOnlyList<KeyValuePair<string, Dictionary<string, Figure>>> figures, string[] runtimes, string unit)
    {
        if (figures.Count == 0) return;
        bool timed = unit == "ms";
        text.AppendLine(timed ? "\n### Times in ms: p50 / p99 / CPU\n" : "\n### Memory in MiB (PSS)\n");
        text.Append("| figure |").AppendJoin("", runtimes.Select(r => $" {r} |")).AppendJoin("", runtimes.Skip(1).Select(r => $" ratio to {r} |")).AppendLine();
        text.Append("|---|").AppendJoin("", Enumerable.Repeat("--:|", runtimes.Length * 2 - 1)).AppendLine();
        foreach (var (name, of) in figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} |").AppendJoin("", runtimes.Select(r => of.TryGetValue(r, out var f) ? $" {Cell(f, timed)} |" : " |"));
            text.AppendJoin("", runtimes.Skip(1).Select(r => of.TryGetValue(r, out var other) ? $" {Ratio(of[runtimes[0]], other)} |" : " |")).AppendLine();
        }
    }

    private static double? Measure(Figure figure, bool cpu) => cpu ? figure.Cpu : figure.P50;

    private static string Cell(Figure figure, bool timed) =>
        timed ? $"{Number(figure.P50)} / {(figure.P99 is { } p99 ? Number(p99) : "–")} / {(figure.Cpu is { } cpu ? Number(cpu) : "–")}" : Number(figure.P50);

    private static string Ratio(Figure ours, Figure theirs)
    {
        string p50 = (ours.P50 / theirs.P50).ToString("0.00", CultureInfo.InvariantCulture);
        return ours.Cpu is { } a && theirs.Cpu is { } b ? $"{p50}, CPU {(a / b).ToString("0.00", CultureInfo.InvariantCulture)}" : p50;
    }

    private static string Number(double value) => value.ToString(value < 1 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
