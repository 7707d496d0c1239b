namespace Orlop.Abstractions.Plugins;

/// <summary>Something that configuration refers to by name.</summary>
public interface IPlugPoint
{
    /// <summary>The name in the configuration, unique among all plugins' points of the same kind, for example <c>overlay</c>.</summary>
    string Name { get; }
}
