namespace Orlop.Host.Configuration;

/// <summary><c>[images]</c>.</summary>
internal sealed record ImagesConfig
{
    /// <summary>The name of the image source.</summary>
    public string Source { get; init; } = "registry";
}
