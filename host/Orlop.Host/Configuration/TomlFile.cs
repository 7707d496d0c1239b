using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Orlop.Host.Configuration;

/// <summary>
/// Reads a TOML 1.0 document into <see cref="ConfigTable"/>s that know the line of every value. A broken line costs
/// itself: the rest is read on, so that all errors of a file show together.
/// </summary>
internal sealed class TomlFile
{
    private readonly string _path;
    private readonly ConfigErrors _errors;
    private readonly ConfigTable _root;
    private readonly Dictionary<string, Origin> _headers = new(StringComparer.Ordinal); // of [table], which may stand only once

    private TomlFile(string path, ConfigErrors errors)
    {
        _path = path;
        _errors = errors;
        _root = new ConfigTable(new Origin(path));
    }

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
    public static ConfigTable Parse(string path, string text, ConfigErrors errors) => new TomlFile(path, errors).Convert(text);

    private ConfigTable Convert(string text)
    {
        if (ParseSyntax(text) is not { } document)
            return _root;

        foreach (var diagnostic in document.Diagnostics.Where(d => d.Kind == DiagnosticMessageKind.Error))
            _errors.Add(OriginOf(diagnostic.Span), diagnostic.Message);

        foreach (var pair in document.KeyValues)
            Add(_root, pair);
        foreach (var table in document.Tables)
        {
            if (table.Name is not { } name || Open(table, SegmentsOf(name)) is not { } target)
                continue;

            foreach (var pair in table.Items)
                Add(target, pair);
        }

        return _root;
    }

    private DocumentSyntax? ParseSyntax(string text)
    {
        try
        {
            // Tomlyn's own validation stops at the first syntax error; ours goes on.
            return SyntaxParser.Parse(text, _path, validate: false);
        }
        catch (ArgumentOutOfRangeException) // its lexer on a string that is cut off behind a backslash
        {
            _errors.Add(new Origin(_path), "is cut off in the middle of a string, behind a backslash; close the string");
            return null;
        }
        catch (TomlException e) // values within values without end
        {
            _errors.Add(new Origin(_path), $"cannot be read: {e.Message}");
            return null;
        }
    }

    private ConfigTable? Open(TableSyntaxBase table, string[] segments)
    {
        var origin = OriginOf(table.Name!.Span);
        if (table is TableArraySyntax)
            return Append(segments, origin);

        string header = string.Join('.', segments.Select(TomlText.Key));
        if (!_headers.TryAdd(header, origin))
            _errors.Add(origin, $"[{header}] is there twice, first on line {_headers[header].Line}; write its keys under one of them");
        return Descend(_root, segments, origin);
    }

    private ConfigTable? Append(string[] segments, Origin origin)
    {
        if (Descend(_root, segments[..^1], origin) is not { } parent)
            return null;

        var table = new ConfigTable(origin);
        switch (parent.Find(segments[^1]))
        {
            case null:
                parent.Set(segments[^1], new ConfigList([table], origin));
                return table;
            case ConfigList { Items: [.., ConfigTable] } list:
                parent.Set(segments[^1], new ConfigList([.. list.Items, table], list.Origin));
                return table;
            case var other:
                _errors.Add(origin, $"'{segments[^1]}' is {other.Describe()} on line {other.Origin.Line}; it cannot be an array of tables too");
                return null;
        }
    }

    private void Add(ConfigTable table, KeyValueSyntax pair)
    {
        if (pair.Key is not { } key || pair.Value is not { } value || Convert(value) is not { } node)
            return; // a syntax error, which the diagnostics name

        var segments = SegmentsOf(key);
        if (Descend(table, segments[..^1], OriginOf(pair.Span)) is not { } target)
            return;

        if (target.Find(segments[^1]) is { } earlier)
            _errors.Add(node.Origin, $"the key '{segments[^1]}' is there twice, first on line {earlier.Origin.Line}; remove one of them");
        else
            target.Set(segments[^1], node);
    }

    private ConfigTable? Descend(ConfigTable table, string[] segments, Origin origin)
    {
        foreach (string segment in segments)
        {
            switch (table.Find(segment))
            {
                case null:
                    var next = new ConfigTable(origin);
                    table.Set(segment, next);
                    table = next;
                    break;
                case ConfigTable existing:
                    table = existing;
                    break;
                case ConfigList { Items: [.., ConfigTable last] }:
                    table = last;
                    break;
                case var other:
                    _errors.Add(origin, $"'{segment}' is {other.Describe()} on line {other.Origin.Line}; it cannot be a table too");
                    return null;
            }
        }

        return table;
    }

    private ConfigNode? Convert(ValueSyntax value)
    {
        var origin = OriginOf(value.Span);
        return value switch
        {
            StringValueSyntax text => new ConfigScalar(text.Value ?? "", origin),
            IntegerValueSyntax integer => new ConfigScalar(integer.Value, origin),
            FloatValueSyntax number => new ConfigScalar(number.Value, origin),
            BooleanValueSyntax truth => new ConfigScalar(truth.Value, origin),
            DateTimeValueSyntax date => new ConfigScalar(date.Value, origin),
            ArraySyntax array => new ConfigList([.. array.Items.Select(item => item.Value).OfType<ValueSyntax>().Select(Convert).OfType<ConfigNode>()], origin),
            InlineTableSyntax inline => Convert(inline, origin),
            _ => null,
        };
    }

    private ConfigTable Convert(InlineTableSyntax inline, Origin origin)
    {
        var table = new ConfigTable(origin);
        foreach (var pair in inline.Items.Select(item => item.KeyValue).OfType<KeyValueSyntax>())
            Add(table, pair);
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

    private Origin OriginOf(SourceSpan span) => new(_path, span.Start.Line + 1);
}
