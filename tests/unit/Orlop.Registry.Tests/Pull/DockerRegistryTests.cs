using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orlop.Abstractions.Errors;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;
using Orlop.Testing;
using Orlop.Testing.Machines;

namespace Orlop.Registry.Tests.Pull;

/// <summary>Against the real thing, over TLS with a certificate authority of its own.</summary>
public sealed class DockerRegistryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _registry;

    public void Dispose()
    {
        _registry?.Kill();
        _registry?.WaitForExit();
        _registry?.Dispose();
        _folder.Dispose();
    }

    [RootFact("docker-registry")]
    public async Task An_image_comes_from_a_real_registry_over_TLS()
    {
        await StartRegistryAsync();
        var image = TestImage.Of(TarBuilder.Layer(t => t.Folder("etc/").File("etc/name", "real")), TarBuilder.Layer(t => t.Whiteout("etc/.wh.none").File("bin/app", "x", mode: 0x1ed))).InIndex(alone: true);
        await PushAsync("team/app", "1", image);
        await using var plugin = await Plugin.StartAsync(_folder.Path);
        string name = $"localhost:{_port}/team/app";

        (await FluentActions.Awaiting(() => plugin.PullAsync(name + ":1")).Should().ThrowAsync<RuntimeException>("nobody trusts the certificate yet")).WithMessage("RegistryUnavailable: *certificate*");
        Trust($"ca = \"{_folder["ca.crt"]}\"");
        var pulled = await plugin.PullAsync(name + ":1");

        pulled.Id.Should().Be(image.Id);
        pulled.RepoDigests.Should().BeEquivalentTo($"{name}@{image.Index}", $"{name}@{image.Manifest}");
        (await plugin.PullAsync($"{name}@{image.Index}")).Id.Should().Be(image.Id);
        var missing = (await FluentActions.Awaiting(() => plugin.PullAsync(name + ":none")).Should().ThrowAsync<RuntimeException>()).Which;
        missing.Kind.Should().Be(ErrorKind.NotFound);
        missing.Message.Should().Contain("MANIFEST_UNKNOWN");
        var snapshot = await plugin.Overlay.PrepareAsync("k", pulled.ChainId, readOnly: false, NoPhase.Instance, CancellationToken.None);
        snapshot.Mounts.Single().Options.Count(o => o.StartsWith("lowerdir+=", StringComparison.Ordinal)).Should().Be(2);
    }

    [RootFact("docker-registry")]
    public async Task A_client_certificate_may_be_left_out_of_the_check_or_shown()
    {
        await StartRegistryAsync(clientCertificates: true);
        await using var plugin = await Plugin.StartAsync(_folder.Path);
        string name = $"localhost:{_port}/none:1";

        Trust("skip_verify = true");
        await FluentActions.Awaiting(() => plugin.PullAsync(name)).Should().ThrowAsync<RuntimeException>("the registry wants a certificate").WithMessage("RegistryUnavailable: *");
        Trust($"skip_verify = true\nclient = [[\"{_folder["client.crt"]}\", \"{_folder["client.key"]}\"]]");
        await FluentActions.Awaiting(() => plugin.PullAsync(name)).Should().ThrowAsync<RuntimeException>().WithMessage("*404*");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Trust(string lines)
    {
        string place = Path.Combine(_folder["hosts"], $"localhost:{_port}");
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "hosts.toml"), $"server = \"https://localhost:{_port}\"\n{lines}\n");
    }

    private async Task StartRegistryAsync(bool clientCertificates = false)
    {
        MakeCertificates();
        string authorities = clientCertificates ? $"clientcas: [{_folder["ca.crt"]}]" : "";
        await File.WriteAllTextAsync(_folder["registry.yml"], $$"""
            version: 0.1
            log: {level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: "{{_folder["storage"]}}" } }
            http:
              addr: 127.0.0.1:{{_port}}
              tls:
                certificate: {{_folder["server.crt"]}}
                key: {{_folder["server.key"]}}
                {{authorities}}
            """);
        _registry = Process.Start(new ProcessStartInfo(Machine.Find("docker-registry")!) { ArgumentList = { "serve", _folder["registry.yml"] }, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                await Task.Delay(25);
            }
        }
    }

    private void MakeCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(_folder["ca.crt"], authority.ExportCertificatePem());
        foreach (string name in (string[])["server", "client"])
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var own = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            own.CertificateExtensions.Add(names.Build());
            own.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(name == "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
            using var certificate = own.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(29), [(byte)name[0], 1]);
            File.WriteAllText(_folder[name + ".crt"], certificate.ExportCertificatePem());
            File.WriteAllText(_folder[name + ".key"], key.ExportPkcs8PrivateKeyPem());
        }
    }

    private async Task PushAsync(string repository, string tag, TestImage image)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=server";
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{_port}") };
        foreach (var (digest, blob) in image.Blobs)
        {
            using var started = await client.PostAsync($"/v2/{repository}/blobs/uploads/", null);
            var location = started.EnsureSuccessStatusCode().Headers.Location!;
            using var content = new ByteArrayContent(blob);
            (await client.PutAsync($"{location}{(location.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(digest)}", content)).EnsureSuccessStatusCode();
        }

        foreach (var (digest, (type, bytes)) in image.Manifests)
        {
            bool isTop = digest == image.Top;
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            (await client.PutAsync($"/v2/{repository}/manifests/{(isTop ? tag : digest)}", content)).EnsureSuccessStatusCode();
        }
    }
}
