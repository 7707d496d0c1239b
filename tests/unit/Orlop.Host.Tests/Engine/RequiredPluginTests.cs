using Orlop.Abstractions.Errors;
using Orlop.Host.Plugins;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

/// <summary>What is refused while a required plugin is missing: whatever it would have to watch over.</summary>
public sealed class RequiredPluginTests
{
    private static readonly RequiredPlugins s_missing = new(["plugin 'acme-policy' is required and Failed: no key"]);

    [Fact]
    public async Task Nothing_is_pulled_and_nothing_made()
    {
        var records = new MemoryRecordStore();
        await using var engine = new EngineFixture(records, s_missing);

        (await RefusalAsync(() => engine.Pulls.PullAsync("app", null, null, "", CancellationToken.None))).Should().Be("pull \"app\": plugin 'acme-policy' is required and Failed: no key");
        (await RefusalAsync(() => engine.RunAsync())).Should().Be("pod sandbox default/web uid u1 attempt 0: plugin 'acme-policy' is required and Failed: no key");
        records.Keys.Should().BeEmpty();
        engine.Backend.Sandboxes.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_there_stays_and_can_be_taken_away()
    {
        var records = new MemoryRecordStore();
        string pod;
        await using (var before = new EngineFixture(records)) await before.StartAsync(pod = await before.RunAsync());

        await using var after = await EngineFixture.RecoverAsync(records, (backend, record) => backend.Alive(record), s_missing);

        (await after.RunAsync()).Should().Be(pod, "a retry makes nothing");
        (await RefusalAsync(() => after.CreateAsync(pod, EngineFixture.Container("second")))).Should().StartWith("container second attempt 0 in ").And.EndWith("no key");
        await after.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);
        records.Keys.Should().BeEmpty();
    }

    private static async Task<string> RefusalAsync(Func<Task> call)
    {
        var error = (await call.Should().ThrowAsync<RuntimeException>()).Which;
        error.Kind.Should().Be(ErrorKind.Unavailable);
        return error.Message;
    }
}
