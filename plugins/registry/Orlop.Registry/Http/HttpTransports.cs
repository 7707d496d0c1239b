using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orlop.Abstractions.Errors;
using Orlop.Registry.Hosts;

namespace Orlop.Registry.Http;

/// <summary>Connections to registries, kept and shared by all pulls; one pool for each way to connect.</summary>
internal sealed class HttpTransports : IDisposable
{
    // A certificate that was exchanged on disk makes a new pool: its file's time is part of the key.
    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _pools = new(StringComparer.Ordinal);

    /// <exception cref="RuntimeException">A certificate is unreadable.</exception>
    public HttpMessageInvoker For(HostTls tls)
    {
        string key = KeyOf(tls);
        try
        {
            return _pools.GetOrAdd(key, _ => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(Create(tls)))).Value;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            _pools.TryRemove(key, out _);
            throw RuntimeException.FailedPrecondition($"cannot load the certificates {string.Join(", ", FilesOf(tls))}: {e.Message}");
        }
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            if (pool.IsValueCreated)
                pool.Value.Dispose();
        }
    }

    // The proxy comes from HTTP_PROXY, HTTPS_PROXY and NO_PROXY: the handler's default.
    private static SocketsHttpHandler Create(HostTls tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // redirects must lose the authorization; see RegistryHttp
            AutomaticDecompression = DecompressionMethods.None, // digests are of the bytes as they come
            UseCookies = false,
            ConnectTimeout = tls.DialTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // follows changes of DNS
        };
        var roots = new X509Certificate2Collection();
        foreach (string file in tls.Authorities)
            roots.ImportFromPemFile(file);
        foreach (var (certificate, key) in tls.ClientCertificates)
        {
            handler.SslOptions.ClientCertificates ??= [];
            handler.SslOptions.ClientCertificates.Add(X509Certificate2.CreateFromPemFile(certificate, key.Length == 0 ? null : key));
        }

        if (tls.SkipVerify || roots.Count > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                tls.SkipVerify || errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 leaf && IsTrusted(leaf, chain, roots));
        }

        return handler;
    }

    private static bool IsTrusted(X509Certificate2 leaf, X509Chain? sent, X509Certificate2Collection roots)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }

    private static IEnumerable<string> FilesOf(HostTls tls) =>
        tls.Authorities.Concat(tls.ClientCertificates.SelectMany(c => c.Key.Length == 0 ? [c.Certificate] : (string[])[c.Certificate, c.Key]));

    private static string KeyOf(HostTls tls) =>
        $"{tls.SkipVerify} {tls.DialTimeout} {string.Join('|', FilesOf(tls).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks}"))}";
}
