using Orlop.Abstractions.Errors;

namespace Orlop.Host.Configuration;

/// <summary>What a reading of the configuration gave: the values, where each comes from, and all that is wrong.</summary>
/// <param name="Config">The values; a default stands in for each wrong one.</param>
/// <param name="Settings">Every effective value of the daemon itself; those of plugins come with their manifests.</param>
/// <param name="Errors">All errors of all files.</param>
/// <param name="Files">The files that were read, in the order of precedence: the last wins.</param>
internal sealed record LoadedConfig(OrlopConfig Config, IReadOnlyList<ConfigSetting> Settings, ConfigErrors Errors, IReadOnlyList<string> Files)
{
    /// <exception cref="RuntimeException">Something is wrong; the message lists all of it.</exception>
    public LoadedConfig ThrowIfWrong() => Errors.IsEmpty
        ? this
        : throw RuntimeException.InvalidArgument(string.Join('\n', Errors.All));
}
