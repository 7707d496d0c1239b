namespace Orlop.Host.Configuration;

/// <summary>One thing that is wrong in the configuration.</summary>
/// <param name="Origin">The file and line to look at.</param>
/// <param name="Message">What is wrong, what is expected, and what to write instead.</param>
internal sealed record ConfigError(Origin Origin, string Message)
{
    public override string ToString() => $"{Origin}: {Message}";
}

/// <summary>Collects errors, so that an operator sees all of them at once.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];

    public IReadOnlyList<ConfigError> All => [.. _errors.Distinct().OrderBy(e => e.Origin.Source, StringComparer.Ordinal).ThenBy(e => e.Origin.Line)];

    public bool IsEmpty => _errors.Count == 0;

    public void Add(Origin origin, string message) => _errors.Add(new ConfigError(origin, message));
}
