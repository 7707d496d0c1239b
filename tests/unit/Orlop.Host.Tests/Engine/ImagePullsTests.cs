using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pulls;

namespace Orlop.Host.Tests.Engine;

/// <summary>Which pulls are one; the paragraph on timeouts and point 29 of the contract with the kubelet.</summary>
public sealed class ImagePullsTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly OperationTable _operations;
    private readonly TaskCompletionSource _hold = new();
    private int _pulls;

    public ImagePullsTests()
    {
        _operations = new OperationTable(_engine.Clock, NullLogger<OperationTable>.Instance);
        _engine.Images.BeforePull = async token =>
        {
            _pulls++;
            await _hold.Task.WaitAsync(token);
        };
    }

    [Fact]
    public async Task Equal_pulls_at_once_are_one_and_those_with_other_credentials_are_not()
    {
        var pulls = new ImagePulls(_engine.Runtime.Parts, _operations);

        Task<Image>[] all = [PullAsync(pulls, "a"), PullAsync(pulls, "b"), PullAsync(pulls, "a", new RegistryCredentials { Username = "user", Password = "secret" })];
        await EventuallyAsync(() => _pulls == 2);
        _hold.SetResult();

        await Task.WhenAll(all);
        _pulls.Should().Be(2);
    }

    [Fact]
    public async Task A_policy_judges_each_namespace_although_another_pulls_the_same_image()
    {
        var pulls = new ImagePulls(_engine.Runtime.Parts with { Policies = [new OnlyNamespace("trusted")] }, _operations);

        var trusted = PullAsync(pulls, "trusted");
        var other = PullAsync(pulls, "other");
        _hold.SetResult();

        (await trusted).Should().Be(_engine.Images.Image);
        await other.Awaiting(o => o).Should().ThrowAsync<RuntimeException>().WithMessage("*other*");
    }

    [Fact]
    public async Task A_removal_goes_on_when_its_caller_goes_away()
    {
        var pulls = new ImagePulls(_engine.Runtime.Parts, _operations);
        _engine.Images.BeforeRemove = token => _hold.Task.WaitAsync(token);
        using var leaving = new CancellationTokenSource();
        var removal = pulls.RemoveAsync("app", leaving.Token);

        await leaving.CancelAsync();
        await removal.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();
        _hold.SetResult();

        await EventuallyAsync(() => _engine.Images.Removed == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _operations.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static Task<Image> PullAsync(ImagePulls pulls, string podNamespace, RegistryCredentials? credentials = null) =>
        pulls.PullAsync("app", credentials, podNamespace, handler: "", CancellationToken.None);

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition()) await Task.Delay(1, patience.Token);
    }

    private sealed class OnlyNamespace(string allowed) : IImagePolicy
    {
        public string Name => "only-namespace";

        public Task ApproveAsync(ResolvedImage image, string? podNamespace, CancellationToken cancellationToken) => podNamespace == allowed
            ? Task.CompletedTask
            : throw new RuntimeException(ErrorKind.PermissionDenied, $"namespace {podNamespace} may not run it");
    }
}
