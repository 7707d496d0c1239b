using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;

namespace Orlop.Linux.Tests.Mounting;

/// <summary>The work stands for a call on a dead file system: it returns when the test lets it.</summary>
public sealed class HostPathOpenerTests
{
    private readonly HostPathOpener _opener = new(TimeSpan.FromMilliseconds(200), TimeProvider.System);

    [Fact]
    public async Task A_path_that_hangs_is_named_and_others_go_on()
    {
        using var hung = new ManualResetEventSlim();
        var late = new Probe();

        Func<Task> open = () => _opener.RunAsync(
            step =>
            {
                step.At("/volumes/fine");
                step.At("/volumes/dead");
                hung.Wait();
                return late;
            },
            CancellationToken.None);

        (await open.Should().ThrowAsync<RuntimeException>()).WithMessage("host path /volumes/dead did not answer*").Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        (await At("/volumes/fine")).Disposed.Task.IsCompleted.Should().BeFalse();
        Func<Task> again = () => At("/volumes/dead");
        await again.Should().ThrowAsync<RuntimeException>().WithMessage("host path /volumes/dead still hangs*");

        hung.Set();
        await late.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10)); // nobody waits for it any more
        await At("/volumes/dead");
    }

    [Fact]
    public async Task A_failure_comes_through()
    {
        Func<Task> open = () => _opener.RunAsync<Probe>(_ => throw RuntimeException.InvalidArgument("no such path"), CancellationToken.None);

        await open.Should().ThrowAsync<RuntimeException>().WithMessage("no such path");
    }

    [Fact]
    public async Task Whoever_gives_up_waits_no_longer()
    {
        using var hung = new ManualResetEventSlim();
        using var cancelled = new CancellationTokenSource(20);

        Func<Task> open = () => _opener.RunAsync(
            step =>
            {
                step.At("/x");
                hung.Wait();
                return new Probe();
            },
            cancelled.Token);

        await open.Should().ThrowAsync<OperationCanceledException>();
        hung.Set();
    }

    private Task<Probe> At(string path) => _opener.RunAsync(
        step =>
        {
            step.At(path);
            return new Probe();
        },
        CancellationToken.None);

    private sealed class Probe : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Disposed.TrySetResult();
    }
}
