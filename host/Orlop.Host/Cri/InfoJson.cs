using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orlop.Host.Cri;

internal static class InfoJson
{
    // For terminals, not for HTML: quotes and signs stay as they are.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToText(this JsonNode node) => node.ToJsonString(Options);
}
