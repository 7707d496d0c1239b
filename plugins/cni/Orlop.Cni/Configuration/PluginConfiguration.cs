using System.Text.Json;

namespace Orlop.Cni.Configuration;

/// <summary>One plugin of a network: CNI specification, section 1, "plugin configuration objects".</summary>
/// <param name="Type">The name of the plugin's program.</param>
/// <param name="Capabilities">What it wants from the runtime in <c>runtimeConfig</c>.</param>
/// <param name="Json">The object as it was written; every key that is not the protocol's is handed to the plugin unaltered.</param>
internal sealed record PluginConfiguration(string Type, IReadOnlySet<string> Capabilities, JsonElement Json);
