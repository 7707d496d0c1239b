using System.Text.Json;

namespace Orlop.Bench.Measuring;

/// <summary>Writes each figure as a line of JSON as soon as it is known.</summary>
internal sealed class Results(TextWriter output)
{
    public void Add(Figure figure)
    {
        output.WriteLine(JsonSerializer.Serialize(figure, FigureJson.Default.Figure));
        output.Flush();
    }

    public static IReadOnlyList<Figure> Read(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, FigureJson.Default.Figure) ?? throw new JsonException($"{path} holds a null"))];
}
