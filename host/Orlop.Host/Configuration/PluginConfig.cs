namespace Orlop.Host.Configuration;

/// <summary><c>[plugins.&lt;id&gt;]</c>.</summary>
internal sealed record PluginConfig
{
    /// <summary>False switches the plugin off.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True where nothing may be pulled or made without it.</summary>
    public bool Required { get; init; }

    /// <summary>The table as it is; the plugin's manifest says what may be in it.</summary>
    public required ConfigTable Settings { get; init; }
}
