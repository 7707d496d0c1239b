using System.Text.RegularExpressions;
using Orlop.Registry.References;

namespace Orlop.Registry.Store;

/// <summary>Which images the kubelet shall never collect, by the setting <c>pinned_images</c>.</summary>
internal sealed class PinnedImages
{
    private readonly List<Regex> _globs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <param name="patterns">Names as users write them, or full names with <c>*</c> for any characters.</param>
    /// <exception cref="Abstractions.Errors.RuntimeException">One is neither.</exception>
    public PinnedImages(IEnumerable<string> patterns)
    {
        foreach (string pattern in patterns)
        {
            if (pattern.Contains('*', StringComparison.Ordinal))
                _globs.Add(new Regex($"\\A{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
            else
                _names.Add(ImageReference.Parse(pattern).ToString());
        }
    }

    public bool Match(IEnumerable<string> names) => names.Any(name => _names.Contains(name) || _globs.Any(glob => glob.IsMatch(name)));
}
