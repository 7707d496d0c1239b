using System.Text.Json;

namespace Orlop.Windows.Simulator;

/// <summary>The fields of HCS schema 2 by type, and what does not fit them.</summary>
internal sealed class SchemaTable(JsonElement types)
{
    public static SchemaTable Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new SchemaTable(document.RootElement.Clone());
    }

    /// <summary>Each place where a document is not of a type: <c>$.Container.Bogus: unknown property of Container</c>.</summary>
    public IReadOnlyList<string> Errors(string document, string type)
    {
        using var parsed = JsonDocument.Parse(document);
        var errors = new List<string>();
        CheckObject(parsed.RootElement, type, "$", errors);
        return errors;
    }

    private void CheckObject(JsonElement value, string type, string path, List<string> errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{path}: {value.ValueKind} instead of {type}");
            return;
        }

        if (!types.TryGetProperty(type, out var fields))
        {
            errors.Add($"{path}: unknown type {type}");
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            string at = $"{path}.{property.Name}";
            if (fields.TryGetProperty(property.Name, out var field)) Check(property.Value, field, at, errors);
            else errors.Add($"{at}: unknown property of {type}");
        }
    }

    private void Check(JsonElement value, JsonElement field, string path, List<string> errors)
    {
        string kind = field.GetProperty("kind").GetString()!;
        string type = field.TryGetProperty("type", out var named) ? named.GetString()! : "";
        if (kind.StartsWith("array of ", StringComparison.Ordinal))
        {
            if (value.ValueKind != JsonValueKind.Array) errors.Add($"{path}: {value.ValueKind} instead of {kind}");
            else foreach (var (index, item) in value.EnumerateArray().Index()) CheckKind(item, kind["array of ".Length..], type, $"{path}[{index}]", errors);
            return;
        }

        CheckKind(value, kind, type, path, errors);
    }

    private void CheckKind(JsonElement value, string kind, string type, string path, List<string> errors)
    {
        bool fits = kind switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "map" or "object" => value.ValueKind == JsonValueKind.Object,
            "any" => true,
            _ => false,
        };

        if (!fits) errors.Add($"{path}: {value.ValueKind} instead of {kind}");
        else if (kind == "object") CheckObject(value, type, path, errors);
    }
}
