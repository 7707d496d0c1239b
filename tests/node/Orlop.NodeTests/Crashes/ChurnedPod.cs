using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>One pod's life as a kubelet leads it, made of random steps, whatever becomes of the daemon meanwhile.</summary>
internal sealed class ChurnedPod(Node node, PatientClient client, Random random)
{
    private readonly PodSandboxConfig _config = node.PodConfig();
    private readonly List<ChurnedContainer> _containers = [];

    public string CgroupParent => _config.Linux.CgroupParent;

    public async Task LiveAsync()
    {
        try
        {
            await LeadAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{_config.Metadata.Name}: {e.Message}", e);
        }
    }

    private async Task LeadAsync()
    {
        CgroupTree.Create(CgroupParent);
        string id = (await client.AskAsync(c => c.RunPodSandboxAsync(new() { Config = _config }))).PodSandboxId;
        await ExpectOneAsync(id);

        for (int steps = random.Next(2, 7); steps > 0; steps--) await StepAsync(id);
        foreach (var container in _containers.Where(c => c.EndsByItself && !c.IsRemoved)) await container.ExpectOwnEndAsync();
        await ExpectOneAsync(id);
        (await client.AskAsync(c => c.ListContainersAsync(new() { Filter = new() { PodSandboxId = id } }))).Containers.Select(c => c.Metadata.Name)
            .Should().BeEquivalentTo(_containers.Where(c => !c.IsRemoved).Select(c => c.Name), "no container is lost or doubled");

        await EndAsync(id);
    }

    private async Task StepAsync(string id)
    {
        var living = _containers.Where(c => !c.EndsByItself && !c.IsStopped).ToList();
        switch (random.Next(6))
        {
            case 0 or 1:
                bool endsByItself = random.Next(2) == 0;
                var made = new ChurnedContainer(node, client, _config, $"c{_containers.Count}", endsByItself, random.Next(0, 250), random.Next(1, 25));
                _containers.Add(made);
                await made.StartAsync(id);
                break;
            case 2 when living.Count > 0:
                await living[0].ExecAsync();
                break;
            case 3 when living.Count > 0:
                await living[0].RotateLogAsync();
                break;
            case 4 when living.Count > 0:
                await living[0].StopAsync();
                break;
            case 5 when _containers.Find(c => c.IsStopped && !c.IsRemoved) is { } stopped:
                await stopped.RemoveAsync();
                break;
            default:
                await Task.Delay(random.Next(100));
                break;
        }
    }

    private async Task EndAsync(string id)
    {
        if (random.Next(3) > 0) await client.AskAsync(c => c.StopPodSandboxAsync(new() { PodSandboxId = id }));
        foreach (var container in _containers.Where(c => !c.IsRemoved && !c.IsStopped && !c.EndsByItself && random.Next(2) == 0)) await container.RemoveAsync();
        await client.AskAsync(c => c.StopPodSandboxAsync(new() { PodSandboxId = id }));
        foreach (var container in _containers.Where(c => !c.IsRemoved)) await container.ExpectKilledOrEndedAsync();
        await client.AskAsync(c => c.RemovePodSandboxAsync(new() { PodSandboxId = id }));

        foreach (var container in _containers) container.ExpectWholeLog();
        (await client.AskAsync(c => c.ListPodSandboxAsync(new() { Filter = new() { Id = id } }))).Items.Should().BeEmpty();
    }

    private async Task ExpectOneAsync(string id)
    {
        var filter = new PodSandboxFilter { LabelSelector = { ["io.kubernetes.pod.uid"] = _config.Metadata.Uid } };
        var found = (await client.AskAsync(c => c.ListPodSandboxAsync(new() { Filter = filter }))).Items;
        found.Select(sandbox => (sandbox.Id, sandbox.State)).Should().Equal([(id, PodSandboxState.SandboxReady)], "no pod is lost or doubled");
    }
}
