using System.Text.Json;

namespace Orlop.Cni.Execution;

/// <summary>What a plugin prints when it fails; CNI specification, section 5, "error".</summary>
/// <param name="Code">0 to 99 are the specification's, the others the plugin's own.</param>
/// <param name="Message">A short characterisation.</param>
/// <param name="Details">A longer description; may be empty.</param>
internal sealed record CniError(int Code, string Message, string Details)
{
    public const int UnknownContainer = 3;

    public override string ToString() => $"{Message}{(Details.Length > 0 ? $"; {Details}" : "")} (CNI error code {Code})";

    /// <summary>Null when the output is no error object.</summary>
    public static CniError? TryRead(ReadOnlyMemory<byte> output)
    {
        try
        {
            JsonElement root = StrictJson.Parse(output);
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            string message = Text(root, "msg");
            int code = root.TryGetProperty("code", out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int value) ? value : 0;
            return code != 0 || message.Length > 0 ? new CniError(code, message, Text(root, "details")) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
