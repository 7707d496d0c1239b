using System.Text.Json;

namespace Orlop.Cli.Commands.Configuration;

/// <summary>An effective setting of the daemon, from <c>Status.info["config"]</c>.</summary>
/// <param name="Origin">The file that set it, or that it is a default.</param>
internal sealed record SettingView(string Key, JsonElement Value, string? Origin);
