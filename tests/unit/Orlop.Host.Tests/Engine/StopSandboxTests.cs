namespace Orlop.Host.Tests.Engine;

public sealed class StopSandboxTests
{
    [Fact]
    public async Task A_stop_is_told_once_however_often_it_is_asked_for()
    {
        await using var engine = new EngineFixture();
        string id = await engine.RunAsync();

        await engine.Runtime.StopSandboxAsync(id, CancellationToken.None);
        await engine.Runtime.StopSandboxAsync(id, CancellationToken.None);
        await engine.Runtime.RemoveSandboxAsync(id, CancellationToken.None);

        Told(engine).Should().Equal($"Sandbox {id} is stopped.", $"Sandbox {id} is removed.");
    }

    [Fact]
    public async Task A_removal_without_a_stop_tells_both()
    {
        await using var engine = new EngineFixture();
        string id = await engine.RunAsync();

        await engine.Runtime.RemoveSandboxAsync(id, CancellationToken.None);

        Told(engine).Should().Equal($"Sandbox {id} is stopped.", $"Sandbox {id} is removed.");
    }

    [Fact]
    public async Task A_stop_that_failed_is_told_when_it_is_repeated()
    {
        await using var engine = new EngineFixture();
        string id = await engine.RunAsync();
        engine.Network.FailDetach = true;
        await engine.Runtime.Awaiting(runtime => runtime.StopSandboxAsync(id, CancellationToken.None)).Should().ThrowAsync<Exception>();
        Told(engine).Should().BeEmpty();

        engine.Network.FailDetach = false;
        await engine.Runtime.StopSandboxAsync(id, CancellationToken.None);

        Told(engine).Should().Equal($"Sandbox {id} is stopped.");
    }

    private static IEnumerable<string> Told(EngineFixture engine) => engine.Logs.Lines.Select(line => line.Message).Where(message => message.StartsWith("Sandbox ", StringComparison.Ordinal));
}
