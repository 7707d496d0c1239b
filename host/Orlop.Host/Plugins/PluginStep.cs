namespace Orlop.Host.Plugins;

/// <summary>What a plugin passes on its way from its folder to its plug points, in this order. Up to <see cref="Dependencies"/> none of its code runs.</summary>
internal enum PluginStep
{
    /// <summary>Nobody else can write to its files.</summary>
    Folder,

    /// <summary><c>plugin.toml</c> has no error and names its folder.</summary>
    Manifest,

    /// <summary>It is for this operating system and processor.</summary>
    Machine,

    /// <summary><c>[plugins.&lt;id&gt;]</c> fits the settings that it declares.</summary>
    Settings,

    /// <summary>Its assemblies were built for versions that the host gives, and the host's own are not among them.</summary>
    Assemblies,

    /// <summary>The libraries that its <c>.deps.json</c> names are there.</summary>
    Dependencies,

    /// <summary>Its main assembly loads, with all its types.</summary>
    Types,

    /// <summary>Its module registers its parts.</summary>
    Module,

    /// <summary>Its plug points can be made, have names, and are of the kinds that the manifest declares.</summary>
    PlugPoints,
}
