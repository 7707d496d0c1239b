using System.Collections.Frozen;

namespace Orlop.Host.Plugins;

/// <summary>What <c>plugin.toml</c> says about a plugin; known without loading any of its code.</summary>
internal sealed record PluginManifest
{
    public const string FileName = "plugin.toml";

    public required string Id { get; init; }

    public required string Version { get; init; }

    /// <summary>The version of the plugin API that it was built for, major.minor.</summary>
    public required Version Api { get; init; }

    /// <summary>The file name of its main assembly.</summary>
    public required string Assembly { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>The names of its plug points by kind, as configuration says them. A kind that is missing here is one whose names only its code knows.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Names { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Where it can work: <c>linux</c>, <c>windows</c>. Empty means everywhere.</summary>
    public IReadOnlyList<string> Os { get; init; } = [];

    /// <summary>Where it can work: <c>x64</c>, <c>arm64</c>. Empty means everywhere.</summary>
    public IReadOnlyList<string> Arch { get; init; } = [];

    public string Vendor { get; init; } = "";

    public string Licence { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<SettingDeclaration> Settings { get; init; } = [];
}
