using System.Text.RegularExpressions;
using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>The names of the Kubernetes API: RFC 1123 labels and subdomains. They become parts of paths.</summary>
internal static partial class ApiNames
{
    public static void CheckLabel(ManifestObject owner, string key, string name)
    {
        if (name.Length > 0 && (name.Length > 63 || !Label().IsMatch(name)))
            owner.Error(key, $"\"{name}\" is not a name of at most 63 small letters, digits and inner dashes");
    }

    public static void CheckSubdomain(ManifestObject owner, string key, string name)
    {
        if (name.Length > 0 && (name.Length > 253 || !name.Split('.').All(label => Label().IsMatch(label))))
            owner.Error(key, $"\"{name}\" is not a name of small letters, digits, inner dashes and dots");
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
