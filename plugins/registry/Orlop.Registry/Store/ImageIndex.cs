using System.Collections.Frozen;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Registry.References;

namespace Orlop.Registry.Store;

/// <summary>All images at one moment, by all their names; readers take no lock (R3).</summary>
internal sealed class ImageIndex
{
    private const string IdPrefix = "sha256:";

    private readonly FrozenDictionary<string, StoredImage> _byName;
    private readonly string[] _ids; // ascending

    public ImageIndex(IEnumerable<StoredImage> images)
    {
        ById = images.ToFrozenDictionary(i => i.Image.Id, StringComparer.Ordinal);
        _ids = [.. ById.Keys.Order(StringComparer.Ordinal)];
        Images = [.. _ids.Select(id => ById[id].Image)];
        _byName = ById.Values.SelectMany(i => i.Image.RepoTags.Concat(i.Image.RepoDigests).Select(name => (name, i)))
            .DistinctBy(pair => pair.name)
            .ToFrozenDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
    }

    public FrozenDictionary<string, StoredImage> ById { get; }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<Image> Images { get; }

    /// <summary>An image by its name, its id or an unambiguous prefix of that.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> for what can be neither a name nor an id.</exception>
    public StoredImage? Find(string text)
    {
        bool isReference = ImageReference.TryParse(text, out var reference, out string? error);
        if (isReference && _byName.TryGetValue(reference!.ToString(), out var named))
            return named;

        string digits = text.StartsWith(IdPrefix, StringComparison.Ordinal) ? text[IdPrefix.Length..] : text;
        if (digits.Length is > 0 and <= 64 && digits.All(char.IsAsciiHexDigitLower))
            return FindByPrefix(IdPrefix + digits);
        if (ById.TryGetValue(text, out var sha512))
            return sha512;
        return isReference ? null : throw RuntimeException.InvalidArgument($"\"{text}\" is no image reference: {error}");
    }

    private StoredImage? FindByPrefix(string prefix)
    {
        int index = Array.BinarySearch(_ids, prefix, StringComparer.Ordinal);
        if (index >= 0)
            return ById[_ids[index]];
        index = ~index;
        bool matches = index < _ids.Length && _ids[index].StartsWith(prefix, StringComparison.Ordinal);
        bool isUnambiguous = index + 1 >= _ids.Length || !_ids[index + 1].StartsWith(prefix, StringComparison.Ordinal);
        return matches && isUnambiguous ? ById[_ids[index]] : null;
    }
}
