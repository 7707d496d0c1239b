using Orlop.Abstractions.Errors;

namespace Orlop.Registry.Hosts;

/// <summary>Finds the hosts of a registry. Files are read for each pull, so that a change needs no restart.</summary>
/// <param name="folders">Each holds <c>&lt;host[:port]&gt;/hosts.toml</c> or <c>_default/hosts.toml</c>; the first that has one of them wins.</param>
internal sealed class RegistryHosts(IReadOnlyList<string> folders)
{
    private const string FileName = "hosts.toml";
    private const string DefaultFolder = "_default";

    /// <summary>Where the content of <c>docker.io</c> really is.</summary>
    public static Uri DockerHub { get; } = new("https://registry-1.docker.io");

    /// <param name="registry">As in references: <c>docker.io</c>, <c>localhost:5000</c>.</param>
    /// <returns>Mirrors first, then the registry itself.</returns>
    /// <exception cref="RuntimeException">A file is unreadable.</exception>
    public IReadOnlyList<RegistryHost> Find(string registry)
    {
        var upstream = registry == "docker.io" ? DockerHub : new Uri($"https://{registry}");
        foreach (string folder in folders)
        {
            foreach (string name in NamesOf(registry))
            {
                string place = Path.Combine(folder, name);
                if (!Directory.Exists(place))
                    continue;
                string file = Path.Combine(place, FileName);
                if (File.Exists(file))
                    return HostsFile.Parse(Read(file), file, registry, upstream);
                if (DockerStyle(place) is { } tls)
                    return [new RegistryHost { Base = new Uri($"{upstream.Scheme}://{upstream.Authority}/v2"), Tls = tls }];
            }
        }

        return [new RegistryHost { Base = new Uri($"{upstream.Scheme}://{upstream.Authority}/v2") }];
    }

    // "host_5000_" is how file systems without colons name "host:5000"; containerd docs/hosts.md.
    private static IEnumerable<string> NamesOf(string registry)
    {
        yield return registry;
        int colon = registry.LastIndexOf(':');
        if (colon >= 0)
            yield return $"{registry[..colon]}_{registry[(colon + 1)..]}_";
        yield return DefaultFolder;
    }

    // /etc/docker/certs.d: *.crt to trust, *.cert with *.key to show.
    private static HostTls? DockerStyle(string folder)
    {
        string[] authorities = [.. Directory.GetFiles(folder, "*.crt").Order(StringComparer.Ordinal)];
        string[] certificates = [.. Directory.GetFiles(folder, "*.cert").Order(StringComparer.Ordinal)];
        if (authorities.Length == 0 && certificates.Length == 0)
            return null;
        return new HostTls
        {
            Authorities = authorities,
            ClientCertificates = [.. certificates.Select(c => (c, Path.ChangeExtension(c, ".key")))],
        };
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"{file}: {e.Message}");
        }
    }
}
