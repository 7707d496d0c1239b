namespace Orlop.Abstractions.Plugins;

/// <summary>What became of a plugin at start.</summary>
public enum PluginState
{
    /// <summary>Loaded; its plug points are in use.</summary>
    Active,

    /// <summary>Cannot work on this machine, which is no error; the reason says why.</summary>
    Skipped,

    /// <summary>Built for another version of the plugin API.</summary>
    Unsupported,

    /// <summary>Broken: missing files, a missing dependency, or its module threw.</summary>
    Failed,

    /// <summary>Switched off by the configuration.</summary>
    Disabled,
}
