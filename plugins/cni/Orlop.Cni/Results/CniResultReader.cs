using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Orlop.Cni.Results;

/// <summary>Reads results of 0.1.0 to 1.1.0; CNI specification, section 5, and its older releases.</summary>
internal static class CniResultReader
{
    /// <param name="output">What the plugin printed.</param>
    /// <param name="version">The version that was spoken; what a result that names none is taken for.</param>
    /// <exception cref="InvalidResultException">The output is no result.</exception>
    public static CniResult Read(ReadOnlyMemory<byte> output, string version)
    {
        JsonElement root = Parse(output, version);

        // 0.1.0 and 0.2.0 have at most one address of each family, in keys of their own.
        var interfaces = Items(root, "interfaces").Select(ReadInterface).ToList();
        var addresses = root.TryGetProperty("ip4", out _) || root.TryGetProperty("ip6", out _)
            ? ReadLegacy(root)
            : Items(root, "ips").Select(item => ReadAddress(item, interfaces.Count)).ToList();
        return new CniResult(root, interfaces, addresses);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> output, string version)
    {
        if (output.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new InvalidResultException("it printed nothing");
        }

        try
        {
            JsonElement root = StrictJson.Parse(output);
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidResultException($"it printed {root.ValueKind}, not an object");
            }

            if (root.TryGetProperty("cniVersion", out JsonElement own) && own.ValueKind == JsonValueKind.String && !own.ValueEquals(""))
            {
                return root;
            }

            return WithVersion(root, version);
        }
        catch (JsonException e)
        {
            throw new InvalidResultException($"it printed no JSON: {e.Message}", e);
        }
    }

    private static JsonElement WithVersion(JsonElement root, string version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("cniVersion", version);
            foreach (JsonProperty property in root.EnumerateObject().Where(property => !property.NameEquals("cniVersion")))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return StrictJson.Parse(buffer.WrittenMemory);
    }

    private static IEnumerable<JsonElement> Items(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw new InvalidResultException($"'{key}' of its result is {list.ValueKind}, not a list");
    }

    private static CniInterface ReadInterface(JsonElement json) => new(Text(json, "name"), Text(json, "sandbox"));

    private static CniAddress ReadAddress(JsonElement json, int interfaces)
    {
        (IPAddress address, int prefix) = ReadCidr(Text(json, "address"));
        if (!json.TryGetProperty("interface", out JsonElement index) || index.ValueKind == JsonValueKind.Null)
        {
            return new CniAddress(address, prefix, null);
        }

        return index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out int number) && number >= 0 && number < interfaces
            ? new CniAddress(address, prefix, number)
            : throw new InvalidResultException($"the address {address} of its result is on interface {index.GetRawText()}, but there are {interfaces} interfaces");
    }

    private static List<CniAddress> ReadLegacy(JsonElement root)
    {
        var addresses = new List<CniAddress>();
        foreach (string key in (string[])["ip4", "ip6"])
        {
            if (root.TryGetProperty(key, out JsonElement family) && family.ValueKind != JsonValueKind.Null)
            {
                (IPAddress address, int prefix) = ReadCidr(Text(family, "ip"));
                addresses.Add(new CniAddress(address, prefix, null));
            }
        }

        return addresses;
    }

    private static (IPAddress Address, int PrefixLength) ReadCidr(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefix)
            && prefix <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? (address, prefix)
            : throw new InvalidResultException($"'{text}' in its result is not an address with a prefix length, such as 10.1.0.5/16");
    }

    private static string Text(JsonElement json, string key)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidResultException($"its result has {json.ValueKind} where an object belongs");
        }

        if (!json.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidResultException($"'{key}' in its result is {value.ValueKind}, not a string");
    }
}
