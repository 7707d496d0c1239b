using System.Text.Json;
using System.Text.Unicode;

namespace Orlop.Cni;

/// <summary>Parses JSON of others so that every later look at it succeeds.</summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">The bytes are no JSON, or a text in it is no Unicode, which the parser itself lets pass.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new JsonException("it is not valid Unicode");
        }

        try
        {
            // Writing looks at every text, and finds escapes of half a character.
            using var writer = new Utf8JsonWriter(Stream.Null);
            document.RootElement.WriteTo(writer);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("a text in it is not valid Unicode", e);
        }

        return document.RootElement.Clone();
    }
}
