using Orlop.Abstractions.Images;
using Orlop.Registry.Auth;
using Orlop.Registry.Hosts;
using Orlop.Registry.References;

namespace Orlop.Registry.Http;

/// <summary>Makes a client for each pull from what all pulls share.</summary>
internal sealed class RegistryClientFactory(RegistryHosts hosts, HttpTransports transports, TimeProvider time, RegistryLimits limits)
{
    /// <exception cref="Abstractions.Errors.RuntimeException">The configuration of the registry's hosts is broken.</exception>
    public RegistryClient Create(ImageReference image, RegistryCredentials? credentials)
    {
        var http = new RegistryHttp(transports);
        return new RegistryClient(image, hosts.Find(image.Domain), http, new RegistryAuthorizer(new TokenServer(http, time, limits), credentials, time), time, limits);
    }
}
