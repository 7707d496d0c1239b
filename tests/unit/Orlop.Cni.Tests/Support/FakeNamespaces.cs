using Orlop.Cni.Namespaces;

namespace Orlop.Cni.Tests.Support;

/// <summary>Namespaces that exist as long as a test says so; every path is its own until it is replaced.</summary>
internal sealed class FakeNamespaces : INetworkNamespaces
{
    public HashSet<string> Gone { get; } = [];

    public Dictionary<string, string> Replaced { get; } = [];

    public Task<string> BringLoopbackUpAsync(string path, CancellationToken cancellationToken) => Task.FromResult($"identity of {path}");

    public Task<string?> IdentifyAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult(Gone.Contains(path) ? null : Replaced.GetValueOrDefault(path, $"identity of {path}"));
}
