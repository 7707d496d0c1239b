using System.Globalization;
using Orlop.Abstractions.Errors;
using Tomlyn;
using Tomlyn.Model;

namespace Orlop.Registry.Hosts;

/// <summary>Reads a <c>hosts.toml</c> as containerd defines it (containerd docs/hosts.md).</summary>
internal static class HostsFile
{
    /// <param name="text">The file's content.</param>
    /// <param name="file">Its path: for messages, and relative names in it are relative to its folder.</param>
    /// <param name="registry">The registry that it is for: <c>docker.io</c>.</param>
    /// <param name="upstream">Where that registry is when the file does not say.</param>
    /// <returns>Mirrors in the order of the file, then the registry itself.</returns>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.FailedPrecondition"/>; the message names the file and the key.</exception>
    public static IReadOnlyList<RegistryHost> Parse(string text, string file, string registry, Uri upstream)
    {
        TomlTable root;
        try
        {
            root = TomlSerializer.Deserialize<TomlTable>(text) ?? [];
        }
        catch (TomlException e)
        {
            throw RuntimeException.FailedPrecondition($"{file}: {e.Message}");
        }

        var reader = new Reader(file, registry);
        var hosts = new List<RegistryHost>();
        if (reader.Table(root, "host") is { } mirrors)
        {
            foreach (var (url, value) in mirrors)
            {
                if (value is not TomlTable table)
                    throw reader.Error($"host.\"{url}\" must be a table");
                hosts.Add(reader.Host(url, table, mirror: true));
            }
        }

        // The keys beside "server" are the registry's own.
        string server = reader.Text(root, "server") ?? "";
        hosts.Add(reader.Host(server.Length == 0 ? upstream.ToString() : server, root, mirror: false));
        return hosts;
    }

    private sealed class Reader(string file, string registry)
    {
        public RuntimeException Error(string what) => RuntimeException.FailedPrecondition($"{file}: {what}");

        public RegistryHost Host(string url, TomlTable table, bool mirror)
        {
            if (!url.Contains("://", StringComparison.Ordinal))
                url = "https://" + url;
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
                throw Error($"\"{url}\" is no http:// or https:// address");

            string path = uri.AbsolutePath.TrimEnd('/');
            if (!Boolean(table, "override_path") && !path.EndsWith("/v2", StringComparison.Ordinal))
                path += "/v2";
            bool isRegistry = uri.Authority == registry || (registry == "docker.io" && uri.Authority == RegistryHosts.DockerHub.Authority);
            return new RegistryHost
            {
                Base = new Uri($"{uri.Scheme}://{uri.Authority}{path}"),
                Namespace = mirror && !isRegistry ? registry : null,
                Capabilities = Capabilities(table),
                Headers = Headers(table),
                Tls = new HostTls
                {
                    Authorities = Paths(table, "ca"),
                    ClientCertificates = Clients(table),
                    SkipVerify = Boolean(table, "skip_verify"),
                    DialTimeout = Duration(table, "dial_timeout") ?? HostTls.Default.DialTimeout,
                },
            };
        }

        public TomlTable? Table(TomlTable table, string key) => Value<TomlTable>(table, key, "a table");

        public string? Text(TomlTable table, string key) => Value<string>(table, key, "a text");

        private bool Boolean(TomlTable table, string key) =>
            table.TryGetValue(key, out object? value) && (value is bool flag ? flag : throw Error($"{key} must be true or false"));

        private HostCapabilities Capabilities(TomlTable table)
        {
            if (!table.ContainsKey("capabilities"))
                return HostCapabilities.Pull | HostCapabilities.Resolve;
            var capabilities = HostCapabilities.None;
            foreach (string name in Strings(table, "capabilities"))
            {
                capabilities |= name switch
                {
                    "pull" => HostCapabilities.Pull,
                    "resolve" => HostCapabilities.Resolve,
                    "push" or "referrers" => HostCapabilities.None, // for clients that push or list; not for a runtime
                    _ => throw Error($"capabilities: \"{name}\" is none of pull, resolve, push"),
                };
            }

            return capabilities;
        }

        private List<KeyValuePair<string, string>> Headers(TomlTable table)
        {
            var headers = new List<KeyValuePair<string, string>>();
            foreach (string name in Table(table, "header")?.Keys ?? [])
            {
                foreach (string value in Strings(Table(table, "header")!, name))
                {
                    if (name.Length == 0 || (name + value).Any(char.IsControl))
                        throw Error($"header.\"{name}\" holds a control character");
                    headers.Add(new(name, value));
                }
            }

            return headers;
        }

        private List<string> Paths(TomlTable table, string key) => [.. Strings(table, key).Select(Resolve)];

        // "client.pem", ["a.pem", "b.pem"] or [["client.cert", "client.key"], …]
        private List<(string Certificate, string Key)> Clients(TomlTable table)
        {
            if (!table.TryGetValue("client", out object? value))
                return [];
            return value switch
            {
                string single => [(Resolve(single), "")],
                TomlArray array => [.. array.Select(Client)],
                _ => throw Error("client must be a text, a list of texts or a list of pairs"),
            };
        }

        private (string Certificate, string Key) Client(object? item) => item switch
        {
            string single => (Resolve(single), ""),
            TomlArray { Count: 1 } pair when pair[0] is string certificate => (Resolve(certificate), ""),
            TomlArray { Count: 2 } pair when pair[0] is string certificate && pair[1] is string key => (Resolve(certificate), key.Length == 0 ? "" : Resolve(key)),
            _ => throw Error("client: each element must be a certificate, or a pair of certificate and key"),
        };

        private TimeSpan? Duration(TomlTable table, string key)
        {
            if (Text(table, key) is not { Length: > 0 } text)
                return null;
            string digits = text.TrimEnd('h', 'm', 's');
            TimeSpan? unit = text[digits.Length..] switch
            {
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => null,
            };
            return unit is { } one && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count > 0
                ? one * count
                : throw Error($"{key}: \"{text}\" is no duration such as 10s or 500ms");
        }

        private List<string> Strings(TomlTable table, string key)
        {
            if (!table.TryGetValue(key, out object? value))
                return [];
            return value switch
            {
                string single => [single],
                TomlArray array => [.. array.Select(item => item as string ?? throw Error($"{key} must hold texts"))],
                _ => throw Error($"{key} must be a text or a list of texts"),
            };
        }

        private T? Value<T>(TomlTable table, string key, string kind)
            where T : class =>
            table.TryGetValue(key, out object? value) ? value as T ?? throw Error($"{key} must be {kind}") : null;

        private string Resolve(string path) => Path.IsPathRooted(path) ? path : Path.Combine(Path.GetDirectoryName(file)!, path);
    }
}
