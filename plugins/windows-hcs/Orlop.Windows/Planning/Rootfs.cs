using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;

namespace Orlop.Windows.Planning;

/// <summary>What a container's root file system is made of.</summary>
/// <param name="Scratch">The container's own folder.</param>
/// <param name="Layers">Read-only layers, top-most first.</param>
internal sealed record Rootfs(string Scratch, IReadOnlyList<string> Layers)
{
    private const string LayerType = "windows-layer";
    private const string LayerOption = "layer=";

    /// <summary>Reads the one mount of type <c>windows-layer</c>.</summary>
    public static Rootfs Read(IReadOnlyList<RootfsMount> rootfs)
    {
        if (rootfs is not [{ Type: LayerType } mount])
        {
            throw RuntimeException.InvalidArgument($"root file system [{string.Join(", ", rootfs.Select(m => m.Type))}]: windows-hcs takes one mount of type {LayerType}; set a Windows snapshotter in the handler");
        }

        var layers = new List<string>();
        foreach (string option in mount.Options)
        {
            if (!option.StartsWith(LayerOption, StringComparison.Ordinal)) throw RuntimeException.InvalidArgument($"root file system {mount.Source}: option \"{option}\" is not known; only {LayerOption}FOLDER is");
            layers.Add(option[LayerOption.Length..]);
        }

        return new Rootfs(mount.Source, layers);
    }
}
