using FluentAssertions;
using Orlop.Abstractions.Networking;
using Xunit;

namespace Orlop.PluginContracts;

/// <summary>What every pod network must do. Derive, and make one that is ready, and network namespaces for it.</summary>
public abstract class PodNetworkContract
{
    /// <summary>A network that is ready; called anew with <paramref name="restart"/> for the same records, as after a restart.</summary>
    protected abstract Task<IPodNetwork> CreateAsync(bool restart = false);

    /// <summary>A new network namespace.</summary>
    protected abstract Task<string> NewNamespaceAsync();

    /// <summary>How many addresses are given out now.</summary>
    protected abstract Task<int> CountAddressesAsync();

    [Fact]
    public async Task Pods_get_addresses_of_their_own()
    {
        var network = await CreateAsync();
        network.Status.Ready.Should().BeTrue(network.Status.Message);

        var one = await AttachAsync(network, "one");
        var two = await AttachAsync(network, "two");

        one.Addresses.Should().NotBeEmpty();
        two.Addresses.Should().NotIntersectWith(one.Addresses);
        await DetachAsync(network, "one");
        await DetachAsync(network, "two");
    }

    [Fact]
    public async Task A_detach_gives_the_addresses_back_and_may_be_repeated()
    {
        var network = await CreateAsync();
        await AttachAsync(network, "one");

        await DetachAsync(network, "one");
        await DetachAsync(network, "one");

        (await CountAddressesAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_detach_of_a_pod_that_was_never_attached_does_nothing()
    {
        var network = await CreateAsync();

        await DetachAsync(network, "nobody");

        (await CountAddressesAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_detach_works_after_a_restart_and_without_the_namespace()
    {
        await AttachAsync(await CreateAsync(), "one");

        await DetachAsync(await CreateAsync(restart: true), "one");

        (await CountAddressesAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Garbage_collection_releases_what_belongs_to_no_living_pod()
    {
        var network = await CreateAsync();
        await AttachAsync(network, "living");
        await AttachAsync(network, "dead");

        await network.CollectGarbageAsync(id => id == "living", NoPhase.Instance, CancellationToken.None);

        (await CountAddressesAsync()).Should().Be(1);
        await DetachAsync(network, "living");
    }

    private async Task<PodNetworkResult> AttachAsync(IPodNetwork network, string id) => await network.AttachAsync(
        new PodNetworkRequest { SandboxId = id, PodName = id, PodNamespace = "default", PodUid = $"uid-{id}", NetworkNamespace = await NewNamespaceAsync() },
        NoPhase.Instance,
        CancellationToken.None);

    private static Task DetachAsync(IPodNetwork network, string id) => network.DetachAsync(id, networkNamespace: null, NoPhase.Instance, CancellationToken.None);
}
