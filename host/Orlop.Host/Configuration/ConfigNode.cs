namespace Orlop.Host.Configuration;

/// <summary>A value of a TOML file that remembers its line.</summary>
internal abstract class ConfigNode(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>The value as an error message shows it: <c>the integer 3</c>.</summary>
    public abstract string Describe();
}

/// <summary>A string, an integer (<see cref="long"/>), a float (<see cref="double"/>), a boolean or a date.</summary>
internal sealed class ConfigScalar(object value, Origin origin) : ConfigNode(origin)
{
    public object Value { get; } = value;

    public override string Describe() => Value switch
    {
        string => $"the string {TomlText.Of(Value)}",
        long => $"the integer {TomlText.Of(Value)}",
        double => $"the float {TomlText.Of(Value)}",
        bool => $"the boolean {TomlText.Of(Value)}",
        _ => $"the date {TomlText.Of(Value)}",
    };
}

/// <summary>An array.</summary>
internal sealed class ConfigList(IReadOnlyList<ConfigNode> items, Origin origin) : ConfigNode(origin)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Describe() => $"an array of {Items.Count}";
}
