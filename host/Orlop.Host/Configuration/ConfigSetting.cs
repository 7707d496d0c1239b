namespace Orlop.Host.Configuration;

/// <summary>An effective value of the configuration: what <c>config show</c> prints and CRI <c>Status.info["config"]</c> holds.</summary>
/// <param name="Key">Dotted, for example <c>handlers.default.backend</c>.</param>
/// <param name="Value">Written as TOML.</param>
/// <param name="Origin">The file and line, the flag, or the default that it comes from.</param>
internal sealed record ConfigSetting(string Key, string Value, Origin Origin);
