using System.Text;
using System.Text.Json;

namespace Orlop.Registry.Http;

/// <summary>What a registry says about a refusal (OCI distribution spec, "Error Codes").</summary>
internal static class ErrorBody
{
    private const int MaxRead = 64 << 10;
    private const int MaxShown = 512;

    /// <summary>The first error's code and message, or the start of the text; empty when there is nothing to show.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxRead];
        int length;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }

        return Printable(FromJson(buffer.AsMemory(0, length)) ?? (IsMarkup(response) ? "" : Encoding.UTF8.GetString(buffer, 0, length)));
    }

    private static string? FromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
            {
                var first = errors[0];
                return string.Join(": ", new[] { Text(first, "code"), Text(first, "message") }.Where(t => t.Length > 0));
            }

            // Token servers answer in other ways: {"details": …}, {"message": …}, {"error": …, "error_description": …}.
            return new[] { "details", "message", "error_description", "error" }.Select(n => Text(root, n)).FirstOrDefault(t => t.Length > 0);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsMarkup(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && type.Contains("html", StringComparison.OrdinalIgnoreCase);

    private static string Printable(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxShown));
        foreach (char c in text.AsSpan().Trim())
        {
            if (line.Length == MaxShown)
                return line.Append('…').ToString();
            line.Append(char.IsControl(c) || c == '\ufffd' ? ' ' : c);
        }

        return line.ToString();
    }
}
