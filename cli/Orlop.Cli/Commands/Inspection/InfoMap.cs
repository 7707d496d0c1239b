using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf.Collections;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Inspection;

/// <summary>The info map of a verbose answer: JSON in strings, whose keys each runtime chooses.</summary>
internal static class InfoMap
{
    /// <summary>Reads one entry.</summary>
    /// <exception cref="CliException">There is no such entry, or it is not what Orlop writes.</exception>
    public static T Read<T>(this MapField<string, string> info, string key, JsonTypeInfo<T> type, string what)
    {
        if (!info.TryGetValue(key, out string? json))
            throw new CliException(what, $"the runtime's answer has no \"{key}\"", "see which runtime answers with: orlop version");

        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException failure)
        {
            throw new CliException(what, $"the runtime's answer \"{key}\" is not as expected: {failure.Message}",
                "see which runtime answers with: orlop version", inner: failure);
        }
    }

    /// <summary>All entries, those that are JSON as JSON and the others as text.</summary>
    public static JsonObject ToJson(this MapField<string, string> info)
    {
        var result = new JsonObject();
        foreach (var (key, value) in info.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            result[key] = Parse(value);

        return result;
    }

    private static JsonNode? Parse(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
