using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;

namespace Orlop.Cni;

/// <summary>The settings of <c>[plugins.cni]</c>; what each means stands in <c>plugin.toml</c>.</summary>
internal sealed record CniSettings
{
    public required string ConfFolder { get; init; }

    public required IReadOnlyList<string> BinFolders { get; init; }

    /// <summary>For one call of one plugin.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> PassEnvironment { get; init; } = [];

    /// <exception cref="RuntimeException">A value makes no sense; the message names all that do not.</exception>
    public static CniSettings From(PluginSettings settings)
    {
        string folder = settings.String("conf_folder");
        IReadOnlyList<string> binaries = settings.Strings("bin_folders");
        long timeout = settings.Integer("timeout_seconds");

        var errors = new List<string>();
        if (!Path.IsPathFullyQualified(folder))
        {
            errors.Add($"conf_folder '{folder}' is not an absolute path");
        }

        if (binaries.Count == 0)
        {
            errors.Add("bin_folders is empty");
        }

        errors.AddRange(binaries.Where(path => !Path.IsPathFullyQualified(path)).Select(path => $"bin_folders has '{path}', which is not an absolute path"));

        if (timeout is < 1 or > 3600)
        {
            errors.Add($"timeout_seconds is {timeout}, not 1 to 3600");
        }

        return errors.Count == 0
            ? new CniSettings
            {
                ConfFolder = folder,
                BinFolders = binaries,
                Timeout = TimeSpan.FromSeconds(timeout),
                PassEnvironment = settings.Strings("pass_environment"),
            }
            : throw RuntimeException.InvalidArgument($"[plugins.cni]: {string.Join("; ", errors)}.");
    }
}
