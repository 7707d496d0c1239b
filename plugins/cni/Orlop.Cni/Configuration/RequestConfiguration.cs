using System.Buffers;
using System.Text.Json;

namespace Orlop.Cni.Configuration;

/// <summary>Derives what a plugin reads on its standard input; CNI specification, section 3.</summary>
internal static class RequestConfiguration
{
    /// <summary>For ADD, DEL and CHECK.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="version">The version of the protocol that is spoken.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="capabilityArguments">An object with everything the runtime can offer; the plugin gets what it declared.</param>
    /// <param name="previousResult">The result to hand on, or null.</param>
    public static byte[] ForAttachment(
        string network, string version, PluginConfiguration plugin, JsonElement capabilityArguments, JsonElement? previousResult)
    {
        var offered = capabilityArguments.EnumerateObject().Where(argument => plugin.Capabilities.Contains(argument.Name)).ToList();
        return Write(network, version, plugin, replacesRuntimeConfig: offered.Count > 0, writeProtocolKeys: writer =>
        {
            if (offered.Count > 0)
            {
                writer.WriteStartObject("runtimeConfig");
                offered.ForEach(argument => argument.WriteTo(writer));
                writer.WriteEndObject();
            }

            if (previousResult is { } result)
            {
                writer.WritePropertyName("prevResult");
                result.WriteTo(writer);
            }
        });
    }

    /// <summary>For STATUS.</summary>
    public static byte[] ForStatus(string network, string version, PluginConfiguration plugin) => Write(network, version, plugin, replacesRuntimeConfig: false, _ => { });

    /// <summary>For GC.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="version">The version of the protocol that is spoken.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="valid">The attachments that must be left alone.</param>
    public static byte[] ForGarbageCollection(
        string network, string version, PluginConfiguration plugin, IReadOnlyList<(string ContainerId, string InterfaceName)> valid) =>
        Write(network, version, plugin, replacesRuntimeConfig: false, writer =>
        {
            // The second name is an early draft's; libcni writes both, and plugins read either.
            foreach (string key in (string[])["cni.dev/valid-attachments", "cni.dev/attachments"])
            {
                writer.WriteStartArray(key);
                foreach ((string containerId, string interfaceName) in valid)
                {
                    writer.WriteStartObject();
                    writer.WriteString("containerID", containerId);
                    writer.WriteString("ifname", interfaceName);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }
        });

    private static byte[] Write(
        string network, string version, PluginConfiguration plugin, bool replacesRuntimeConfig, Action<Utf8JsonWriter> writeProtocolKeys)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("cniVersion", version);
            writer.WriteString("name", network);
            foreach (JsonProperty property in plugin.Json.EnumerateObject())
            {
                if (!IsProtocolKey(property.Name) && !(replacesRuntimeConfig && property.NameEquals("runtimeConfig")))
                {
                    property.WriteTo(writer);
                }
            }

            writeProtocolKeys(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsProtocolKey(string key) =>
        key is "cniVersion" or "name" or "capabilities" or "prevResult" || key.StartsWith("cni.dev/", StringComparison.Ordinal);
}
