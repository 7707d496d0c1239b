using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Cni.Configuration;

namespace Orlop.Cni.Execution;

/// <summary>Asks plugins which versions they speak, once for each program until its file changes, and chooses one for a network.</summary>
internal sealed class PluginVersions(PluginBinaries binaries, PluginCaller caller)
{
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);
    private static readonly byte[] s_question = Encoding.UTF8.GetBytes($$"""{"cniVersion":"{{CniVersion.Newest}}"}""");

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    /// <summary>The newest version that the configuration and all of its plugins share.</summary>
    /// <exception cref="RuntimeException">A program is missing, or there is no such version.</exception>
    public async Task<string> ChooseAsync(NetworkConfiguration network, IPhase phase, CancellationToken cancellationToken)
    {
        var shared = network.Versions.ToList();
        foreach (string plugin in network.Plugins.Select(plugin => plugin.Type).Distinct(StringComparer.Ordinal))
        {
            string path = binaries.Find(plugin)
                ?? throw RuntimeException.Unavailable(
                    $"CNI network '{network.Name}' ({network.File}) needs the plugin '{plugin}', which is in none of {binaries.Folders}; install it there.");

            IReadOnlySet<string>? spoken = await SpokenAsync(network.Name, plugin, path, phase, cancellationToken);
            if (spoken is not null && shared.RemoveAll(version => !spoken.Contains(version)) > 0 && shared.Count == 0)
            {
                throw RuntimeException.Unavailable(
                    $"CNI network '{network.Name}' ({network.File}) is written for version {string.Join(", ", network.Versions)}, "
                    + $"but its plugin '{plugin}' ({path}) speaks {string.Join(", ", spoken)}; change cniVersion or update the plugin.");
            }
        }

        return shared[0];
    }

    /// <summary>Null when the plugin does not answer the question, as some small ones do not: then ADD shows what it speaks.</summary>
    private async Task<IReadOnlySet<string>?> SpokenAsync(string network, string plugin, string path, IPhase phase, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        (DateTime Modified, long Length) stamp = (file.LastWriteTimeUtc, file.Length);
        if (_answers.TryGetValue(path, out Answer? known) && known.Stamp == stamp)
        {
            return known.Spoken;
        }

        IReadOnlySet<string>? spoken = null;
        try
        {
            spoken = Read(await caller.CallAsync(Question(network, plugin), phase, cancellationToken));
        }
        catch (PluginException e) when (e.Failure is PluginFailure.Error or PluginFailure.BadOutput)
        {
            // No answer is an answer, and will be the same next time.
        }
        catch (PluginException e) when (e.Failure is PluginFailure.Deadline)
        {
            return null; // The machine may just be slow: ask again.
        }

        _answers[path] = new Answer(stamp, spoken);
        return spoken;
    }

    // Plugins of before 0.3 insist on the variables of an ADD.
    private static PluginCall Question(string network, string plugin) => new()
    {
        Command = CniCommand.Version,
        Plugin = plugin,
        Input = s_question,
        Subject = $"network {network}",
        ContainerId = "dummy",
        NetworkNamespace = "dummy",
        InterfaceName = "dummy",
        Timeout = s_probeTimeout,
    };

    private static HashSet<string>? Read(ReadOnlyMemory<byte> output)
    {
        try
        {
            JsonElement root = StrictJson.Parse(output);
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (root.TryGetProperty("supportedVersions", out JsonElement versions) && versions.ValueKind == JsonValueKind.Array)
            {
                var spoken = versions.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToHashSet(StringComparer.Ordinal);
                return spoken.Count > 0 ? spoken : null;
            }

            // The list came with 0.3.0.
            return root.TryGetProperty("cniVersion", out JsonElement version) && version.ValueKind == JsonValueKind.String && version.ValueEquals("0.2.0")
                ? ["0.1.0", "0.2.0"]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Answer((DateTime Modified, long Length) Stamp, IReadOnlySet<string>? Spoken);
}
