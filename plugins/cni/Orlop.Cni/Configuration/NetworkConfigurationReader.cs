using System.Text.Json;

namespace Orlop.Cni.Configuration;

/// <summary>Reads network configurations: lists, and the single plugin configurations of before 1.0 as lists of one.</summary>
internal static class NetworkConfigurationReader
{
    /// <exception cref="InvalidConfigurationException">The bytes are no usable configuration.</exception>
    public static NetworkConfiguration Read(byte[] source, string file)
    {
        JsonElement root = Parse(source);
        CheckObject(root, "the configuration");

        return new NetworkConfiguration
        {
            Name = ReadName(root),
            Versions = ReadVersions(root),
            Plugins = ReadPlugins(root),
            DisableCheck = ReadFlag(root, "disableCheck"),
            DisableGarbageCollection = ReadFlag(root, "disableGC"),
            Source = source,
            File = file,
        };
    }

    private static JsonElement Parse(byte[] source)
    {
        try
        {
            return StrictJson.Parse(source);
        }
        catch (JsonException e)
        {
            throw new InvalidConfigurationException($"not JSON: {e.Message}", e);
        }
    }

    // Deeper keys belong to the plugin, which may think of them what it likes.
    private static void CheckObject(JsonElement json, string what)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidConfigurationException($"{what} is {Describe(json)}, not an object");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                throw new InvalidConfigurationException($"{what} has the key '{property.Name}' twice");
            }
        }
    }

    private static string ReadName(JsonElement root)
    {
        string name = ReadString(root, "name", "the configuration") ?? throw new InvalidConfigurationException("the network has no 'name'");
        return CniNames.IsValid(name)
            ? name
            : throw new InvalidConfigurationException($"the network's name '{name}' is not {CniNames.Rule}");
    }

    // The newest version that we know wins (section 1, "version considerations"); unknown ones in cniVersions are offers for others.
    private static List<string> ReadVersions(JsonElement root)
    {
        string? single = ReadString(root, "cniVersion", "the configuration");
        var declared = new List<string>();
        if (!string.IsNullOrEmpty(single))
        {
            declared.Add(single);
        }

        if (root.TryGetProperty("cniVersions", out JsonElement list))
        {
            if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            {
                throw new InvalidConfigurationException("'cniVersions' is not a list of strings");
            }

            declared.AddRange(list.EnumerateArray().Select(item => item.GetString()!));
        }

        if (declared.Count == 0)
        {
            return [CniVersion.Undeclared];
        }

        var known = declared.Where(CniVersion.IsReleased).Distinct(StringComparer.Ordinal).ToList();
        if (known.Count == 0)
        {
            throw new InvalidConfigurationException(
                $"CNI version {string.Join(", ", declared)} is not known here; known are {string.Join(", ", CniVersion.Released)}");
        }

        known.Sort((left, right) => CniVersion.Compare(right, left));
        return known;
    }

    private static List<PluginConfiguration> ReadPlugins(JsonElement root)
    {
        if (!root.TryGetProperty("plugins", out JsonElement plugins))
        {
            return root.TryGetProperty("type", out _)
                ? [ReadPlugin(root, "the configuration")]
                : throw new InvalidConfigurationException("the network has no 'plugins'");
        }

        if (plugins.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidConfigurationException($"'plugins' is {Describe(plugins)}, not a list");
        }

        var read = plugins.EnumerateArray().Select((plugin, index) => ReadPlugin(plugin, $"plugin {index + 1}")).ToList();
        return read.Count > 0 ? read : throw new InvalidConfigurationException("'plugins' is empty");
    }

    private static PluginConfiguration ReadPlugin(JsonElement plugin, string what)
    {
        CheckObject(plugin, what);
        string? type = ReadString(plugin, "type", what);
        if (string.IsNullOrEmpty(type))
        {
            throw new InvalidConfigurationException($"{what} has no 'type'");
        }

        if (type is "." or ".." || type.AsSpan().IndexOfAny("/\\\0") >= 0)
        {
            throw new InvalidConfigurationException($"the type '{type}' of {what} is not the name of a program: it may not hold a path");
        }

        return new PluginConfiguration(type, ReadCapabilities(plugin, what), plugin);
    }

    private static HashSet<string> ReadCapabilities(JsonElement plugin, string what)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        if (!plugin.TryGetProperty("capabilities", out JsonElement capabilities) || capabilities.ValueKind == JsonValueKind.Null)
        {
            return wanted;
        }

        if (capabilities.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidConfigurationException($"'capabilities' of {what} is {Describe(capabilities)}, not an object");
        }

        foreach (JsonProperty capability in capabilities.EnumerateObject())
        {
            if (capability.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                throw new InvalidConfigurationException($"the capability '{capability.Name}' of {what} is {Describe(capability.Value)}, not true or false");
            }

            if (capability.Value.GetBoolean())
            {
                wanted.Add(capability.Name);
            }
        }

        return wanted;
    }

    private static string? ReadString(JsonElement json, string key, string what) =>
        !json.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new InvalidConfigurationException($"'{key}' of {what} is {Describe(value)}, not a string");

    // libcni takes the words "true" and "false" too, in any case.
    private static bool ReadFlag(JsonElement json, string key)
    {
        if (!json.TryGetProperty(key, out JsonElement value))
        {
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(value.GetString(), out bool flag) => flag,
            _ => throw new InvalidConfigurationException($"'{key}' is {Describe(value)}, not true or false"),
        };
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the string '{value.GetString()}'",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        _ => value.GetRawText(),
    };
}
