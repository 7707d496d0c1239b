using System.Text.Json.Serialization;
using Orlop.Abstractions.Images;

namespace Vendor.Plugin;

/// <summary>A root file system on record.</summary>
/// <param name="Key">Who asked for it.</param>
/// <param name="ChainId">Its top layer; null for an empty root.</param>
/// <param name="ReadOnly">Whether nobody writes to it.</param>
/// <param name="Folder">Its own files.</param>
internal sealed record Root(string Key, string? ChainId, bool ReadOnly, string Folder)
{
    /// <summary>What is written to it; its owner and mode are those of the root.</summary>
    [JsonIgnore]
    public string Upper => Path.Join(Folder, "upper");

    /// <summary>Overlayfs's own.</summary>
    [JsonIgnore]
    public string Work => Path.Join(Folder, "work");

    /// <summary>What the backend mounts to have it.</summary>
    public RootfsMount MountOn(IReadOnlyList<string> lower)
    {
        if (ReadOnly && lower.Count <= 1)
            return new RootfsMount("bind", lower.FirstOrDefault(Upper), ["ro"]); // overlayfs wants two folders at least
        if (lower.Count == 0)
            return new RootfsMount("bind", Upper, ["rw"]);

        string[] own = ReadOnly ? ["ro"] : [$"upperdir={Upper}", $"workdir={Work}"];
        return new RootfsMount("overlay", "overlay", [.. lower.Select(folder => $"lowerdir+={folder}"), .. own]);
    }
}
