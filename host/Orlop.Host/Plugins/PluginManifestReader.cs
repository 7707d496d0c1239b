using System.Runtime.InteropServices;
using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>Reads <c>plugin.toml</c>, as strictly as the configuration is read.</summary>
internal static class PluginManifestReader
{
    private static readonly string[] KnownOs = ["linux", "windows"];
    private static readonly string[] KnownArch = [.. Enum.GetNames<Architecture>().Select(name => name.ToLowerInvariant())];

    private static readonly OrderedDictionary<string, SettingKind> SettingKinds = new(StringComparer.Ordinal)
    {
        ["string"] = SettingKind.String,
        ["integer"] = SettingKind.Integer,
        ["boolean"] = SettingKind.Boolean,
        ["strings"] = SettingKind.Strings,
    };

    /// <summary>The keys of <c>[plugins.&lt;id&gt;]</c> that are the host's and no setting of a plugin.</summary>
    public static IReadOnlyList<string> HostKeys { get; } = ["enabled", "required"];

    /// <summary>Reads the manifest; null when it has errors.</summary>
    public static PluginManifest? Read(string path, ConfigErrors errors)
    {
        var document = TomlFile.Read(path, errors);
        var table = new TableReader(document, "", errors, []);
        foreach (string key in (string[])["id", "version", "api", "assembly", "kinds"])
        {
            if (document.Find(key) is null)
                errors.Add(new Origin(path), $"'{key}' is missing; a plugin's manifest has at least id, version, api, assembly and kinds");
        }

        var kinds = table.Strings("kinds", [PluginKind.Backend], kind => OneOf(kind, PluginKind.All));
        var manifest = new PluginManifest
        {
            Id = table.String("id", "example", IdRule),
            Version = table.String("version", "1.0.0", VersionRule),
            Api = Version.TryParse(table.String("api", "1.0", ApiRule), out var api) ? api : new Version(0, 0),
            Assembly = table.String("assembly", "Example.dll", AssemblyRule),
            Kinds = kinds,
            Names = ReadNames(table.Table("names"), kinds),
            Os = table.Strings("os", [], os => OneOf(os, KnownOs)),
            Arch = table.Strings("arch", [], arch => OneOf(arch, KnownArch)),
            Vendor = table.String("vendor", ""),
            Licence = table.String("licence", ""),
            Description = table.String("description", ""),
            Settings = ReadSettings(table.Table("settings"), errors),
        };
        table.Finish();
        return errors.IsEmpty ? manifest : null;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadNames(TableReader table, IReadOnlyList<string> kinds)
    {
        var given = table.Names();
        var names = kinds.Where(kind => given.Contains(kind, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)
            .ToDictionary(kind => kind, kind => table.Strings(kind, [], ConfigRules.PlugPointName), StringComparer.Ordinal);
        table.Finish();
        return names;
    }

    private static List<SettingDeclaration> ReadSettings(TableReader names, ConfigErrors errors)
    {
        var settings = new List<SettingDeclaration>();
        foreach (string name in names.Names())
        {
            if (HostKeys.Contains(name, StringComparer.Ordinal))
                errors.Add(names.OriginOf(name), $"the setting '{name}' is the host's own, for every plugin; choose another name");

            var table = names.Table(name);
            var kind = table.Choice("type", "string", SettingKinds);
            object fallback = kind switch
            {
                SettingKind.String => table.String("default", ""),
                SettingKind.Integer => table.Integer("default", 0),
                SettingKind.Boolean => table.Boolean("default", false),
                _ => table.Strings("default", []),
            };
            var range = kind is SettingKind.Integer
                ? (table.Integer("minimum", long.MinValue), table.Integer("maximum", long.MaxValue))
                : (long.MinValue, long.MaxValue);
            settings.Add(new SettingDeclaration(name, kind, fallback, table.String("description", "")) { Range = range });
            table.Finish();
        }

        return settings;
    }

    private static string? IdRule(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && char.IsAsciiLetterOrDigit(id[0])
            ? null
            : "expected 1 to 64 lower-case letters, digits, '-' and '.', beginning with a letter or digit";

    private static string? VersionRule(string version) => version.Length > 0 ? null : "expected a version, for example \"1.0.0\"";

    private static string? ApiRule(string api) => Version.TryParse(api, out var parsed) && parsed.Build < 0
        ? null
        : "expected the major.minor version of Orlop.Abstractions, for example \"1.0\"";

    private static string? AssemblyRule(string assembly) =>
        assembly.EndsWith(".dll", StringComparison.Ordinal) && string.Equals(Path.GetFileName(assembly), assembly, StringComparison.Ordinal)
            ? null
            : "expected the name of a .dll in the plugin's own folder";

    private static string? OneOf(string value, IReadOnlyList<string> known) =>
        known.Contains(value, StringComparer.Ordinal) ? null : $"\"{value}\" is not known; {NearestKey.Hint(value, known)}";
}
