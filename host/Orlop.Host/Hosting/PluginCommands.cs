using System.Text.Json.Nodes;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Cri;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary><c>orlopd plugins verify</c>.</summary>
internal static class PluginCommands
{
    private static readonly OrderedDictionary<PluginStep, (string Name, string Promise)> Steps = new()
    {
        [PluginStep.Folder] = ("folder", "nobody else can write to its files"),
        [PluginStep.Manifest] = ("manifest", "plugin.toml has no error and names its folder"),
        [PluginStep.Machine] = ("machine", "it is for this operating system and processor"),
        [PluginStep.Settings] = ("settings", "its settings are as it declares them"),
        [PluginStep.Assemblies] = ("assemblies", "built for versions that this host gives, none of the host's own among them"),
        [PluginStep.Dependencies] = ("dependencies", "every library that its .deps.json names is there"),
        [PluginStep.Types] = ("types", "its assembly loads, with all its types"),
        [PluginStep.Module] = ("module", "it registers its parts"),
        [PluginStep.PlugPoints] = ("plug points", "they can be made and are those of the manifest"),
    };

    /// <summary>Prints what the daemon would make of a plugin; 0 when it would use it, or skip it on this machine.</summary>
    /// <exception cref="RuntimeException">There is no such folder, or the configuration is wrong.</exception>
    public static async Task<int> VerifyAsync(CommandLine line, TextWriter output)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(line.PluginFolder!));
        if (!Directory.Exists(path))
            throw RuntimeException.NotFound($"{path} is no folder; give the folder that holds {PluginManifest.FileName} and the assembly");

        // Without --config the defaults of its manifest count, and not what this machine happens to have configured.
        var config = line.ConfigFile is null ? new OrlopConfig() : new ConfigLoader(line.ConfigFile).Load().ThrowIfWrong().Config;
        var verdict = await PluginVerification.RunAsync(path, config, TimeProvider.System);
        output.WriteLine(line.Json ? ToJson(verdict).ToText() : ToText(verdict));
        return verdict.IsGood ? 0 : 1;
    }

    private static string ToText(PluginVerdict verdict)
    {
        var plugin = verdict.Plugin;
        var lines = Steps.Where(step => Passed(verdict, step.Key) is not null)
            .Select(step => $"{(Passed(verdict, step.Key) is true ? "ok  " : Word(plugin.State))}  {step.Value.Name,-12}  {(Passed(verdict, step.Key) is true ? step.Value.Promise : plugin.Reason)}");
        string end = plugin.State switch
        {
            PluginState.Active => $"plugin '{plugin.Id}' {plugin.Version} is good; it gives: {(plugin.Capabilities.Count > 0 ? string.Join(", ", plugin.Capabilities) : "no plug point, only services")}",
            PluginState.Skipped => $"plugin '{plugin.Id}' is skipped on this machine, which is no error",
            _ => $"plugin '{plugin.Id}' would be {plugin.State}",
        };
        return string.Join('\n', [.. lines, end]);
    }

    private static JsonObject ToJson(PluginVerdict verdict)
    {
        var plugin = verdict.Plugin;
        return new JsonObject
        {
            ["id"] = plugin.Id,
            ["version"] = plugin.Version,
            ["folder"] = plugin.Folder,
            ["state"] = plugin.State.ToString(),
            ["reason"] = plugin.Reason,
            ["kinds"] = new JsonArray([.. plugin.Kinds.Select(kind => (JsonNode)kind)]),
            ["capabilities"] = new JsonArray([.. plugin.Capabilities.Select(capability => (JsonNode)capability)]),
            ["steps"] = new JsonArray([.. Steps.Select(step => (JsonNode)new JsonObject { ["name"] = step.Value.Name, ["passed"] = Passed(verdict, step.Key) })]),
        };
    }

    /// <summary>Null where the plugin did not come to.</summary>
    private static bool? Passed(PluginVerdict verdict, PluginStep step) =>
        verdict.Plugin.State is PluginState.Active || step < verdict.Reached ? true : step == verdict.Reached ? false : null;

    private static string Word(PluginState state) => state is PluginState.Skipped ? "skip" : "FAIL";
}
