using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Orlop.Host.Configuration;

/// <summary>Reads a TOML 1.0 document into <see cref="ConfigTable"/>s that know the line of every value.</summary>
internal static class TomlFile
{
    /// <summary>Reads the file; what is wrong in it is added to the errors, and the rest is still returned.</summary>
    public static ConfigTable Read(string path, ConfigErrors errors)
    {
        try
        {
            return Parse(path, File.ReadAllText(path), errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new Origin(path), $"cannot be read: {e.Message}");
            return new ConfigTable(new Origin(path));
        }
    }

    /// <summary>Reads the text; <paramref name="path"/> names it in origins and errors.</summary>
    public static ConfigTable Parse(string path, string text, ConfigErrors errors)
    {
        var document = SyntaxParser.Parse(text, path, validate: true);
        foreach (var diagnostic in document.Diagnostics.Where(d => d.Kind == DiagnosticMessageKind.Error))
            errors.Add(OriginOf(path, diagnostic.Span), diagnostic.Message);

        var root = new ConfigTable(new Origin(path));
        foreach (var pair in document.KeyValues)
            Add(path, root, pair);
        foreach (var table in document.Tables)
        {
            if (table.Name is not { } name)
                continue;

            var target = table is TableArraySyntax ? AppendTable(path, root, name) : Descend(path, root, SegmentsOf(name), OriginOf(path, table.Span));
            foreach (var pair in table.Items)
                Add(path, target, pair);
        }

        return root;
    }

    private static void Add(string path, ConfigTable table, KeyValueSyntax pair)
    {
        if (pair.Key is not { } key || pair.Value is not { } value || Convert(path, value) is not { } node)
            return; // a syntax error, which the diagnostics name

        var segments = SegmentsOf(key);
        var target = Descend(path, table, segments[..^1], OriginOf(path, pair.Span));
        target.Set(segments[^1], node);
    }

    private static ConfigTable AppendTable(string path, ConfigTable root, KeySyntax name)
    {
        var origin = OriginOf(path, name.Span);
        var segments = SegmentsOf(name);
        var parent = Descend(path, root, segments[..^1], origin);
        var earlier = (parent.Find(segments[^1]) as ConfigList)?.Items ?? [];
        var table = new ConfigTable(origin);
        parent.Set(segments[^1], new ConfigList([.. earlier, table], origin));
        return table;
    }

    private static ConfigTable Descend(string path, ConfigTable table, string[] segments, Origin origin)
    {
        foreach (string segment in segments)
        {
            var next = table.Find(segment) switch
            {
                ConfigTable existing => existing,
                ConfigList { Items: [.., ConfigTable last] } => last,
                _ => null,
            };
            if (next is null)
                table.Set(segment, next = new ConfigTable(origin));
            table = next;
        }

        return table;
    }

    private static ConfigNode? Convert(string path, ValueSyntax value)
    {
        var origin = OriginOf(path, value.Span);
        return value switch
        {
            StringValueSyntax text => new ConfigScalar(text.Value ?? "", origin),
            IntegerValueSyntax integer => new ConfigScalar(integer.Value, origin),
            FloatValueSyntax number => new ConfigScalar(number.Value, origin),
            BooleanValueSyntax truth => new ConfigScalar(truth.Value, origin),
            DateTimeValueSyntax date => new ConfigScalar(date.Value, origin),
            ArraySyntax array => new ConfigList([.. array.Items.Select(i => i.Value).OfType<ValueSyntax>().Select(v => Convert(path, v)).OfType<ConfigNode>()], origin),
            InlineTableSyntax inline => ConvertInline(path, inline, origin),
            _ => null,
        };
    }

    private static ConfigTable ConvertInline(string path, InlineTableSyntax inline, Origin origin)
    {
        var table = new ConfigTable(origin);
        foreach (var item in inline.Items)
        {
            if (item.KeyValue is { } pair)
                Add(path, table, pair);
        }

        return table;
    }

    private static string[] SegmentsOf(KeySyntax key) =>
        [TextOf(key.Key), .. key.DotKeys.Select(dotted => TextOf(dotted.Key))];

    private static string TextOf(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    private static Origin OriginOf(string path, SourceSpan span) => new(path, span.Start.Line + 1);
}
