namespace Orlop.Abstractions.Plugins;

/// <summary>The settings of one plugin: every key that its <c>plugin.toml</c> declares, with the configured or the default value.</summary>
/// <remarks>The host has checked names and types before the plugin is loaded, so that a getter fails only on a key that was never declared.</remarks>
/// <param name="values">A value for each declared key: <see cref="string"/>, <see cref="long"/>, <see cref="bool"/> or a list of strings.</param>
public sealed class PluginSettings(IReadOnlyDictionary<string, object> values)
{
    /// <summary>Settings of a plugin that declares none.</summary>
    public static PluginSettings Empty { get; } = new(new Dictionary<string, object>());

    /// <summary>A text.</summary>
    /// <exception cref="ArgumentException">The key is not declared, or has another type.</exception>
    public string String(string key) => Get<string>(key);

    /// <summary>A whole number.</summary>
    /// <exception cref="ArgumentException">The key is not declared, or has another type.</exception>
    public long Integer(string key) => Get<long>(key);

    /// <summary>A truth value.</summary>
    /// <exception cref="ArgumentException">The key is not declared, or has another type.</exception>
    public bool Boolean(string key) => Get<bool>(key);

    /// <summary>A list of texts.</summary>
    /// <exception cref="ArgumentException">The key is not declared, or has another type.</exception>
    public IReadOnlyList<string> Strings(string key) => Get<IReadOnlyList<string>>(key);

    private T Get<T>(string key) => values.TryGetValue(key, out object? value) && value is T typed
        ? typed
        : throw new ArgumentException($"Setting '{key}' is not declared as {typeof(T).Name} in plugin.toml.", nameof(key));
}
