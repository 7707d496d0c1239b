using Microsoft.Extensions.Time.Testing;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Mounting;

/// <summary>Below "/dead" lies a file system that answers nobody; the kernel holds its helper until the test lets it.</summary>
public sealed class HostPathOpenerTests : IDisposable
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Helper> _helpers = [];
    private readonly FakeTimeProvider _clock = new();
    private readonly HostPathOpener _opener;
    private Action _meanwhile; // again and again while somebody waits for "/dead"

    public HostPathOpenerTests()
    {
        var deadline = TimeSpan.FromSeconds(30);
        _opener = new HostPathOpener(Start, deadline, _clock);
        _meanwhile = () => _clock.Advance(deadline);
    }

    [Fact]
    public async Task A_path_that_hangs_is_named_and_others_go_on()
    {
        Func<Task> open = () => OpenAsync("/fine", "/dead/path");

        (await open.Should().ThrowAsync<RuntimeException>()).WithMessage("host path /dead/path did not answer*").Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        await OpenAsync("/fine");
        await open.Should().ThrowAsync<RuntimeException>().WithMessage("host path /dead/path still hangs*");

        _released.SetResult();
        Func<Task> later = () => OpenAsync("/dead/path");
        await later.Should().ThrowAsync<RuntimeException>().WithMessage("host path /dead/path did not answer*", "it was tried anew");
    }

    [Fact]
    public async Task A_helper_is_used_again_unless_it_hung()
    {
        await OpenAsync("/one");
        await OpenAsync("/two");
        _helpers.Should().ContainSingle().Which.IsEnded.Should().BeFalse();

        await ((Func<Task>)(() => OpenAsync("/dead"))).Should().ThrowAsync<RuntimeException>();

        _helpers.Should().ContainSingle().Which.IsEnded.Should().BeTrue();
        await OpenAsync("/three");
        _helpers.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_helper_that_dies_is_an_error_and_replaced()
    {
        await ((Func<Task>)(() => OpenAsync("/kills/its/helper"))).Should().ThrowAsync<RuntimeException>().WithMessage("host path /kills/its/helper: *try again");

        await OpenAsync("/fine");
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
        using var cancelled = new CancellationTokenSource();
        _meanwhile = cancelled.Cancel;

        Func<Task> open = () => _opener.RunAsync(paths => Probe.After(paths.Status("/dead")), cancelled.Token);

        await open.Should().ThrowAsync<OperationCanceledException>();
        _helpers.Should().ContainSingle().Which.IsEnded.Should().BeTrue();
    }

    public void Dispose() => _opener.Dispose();

    private async Task OpenAsync(params string[] names) =>
        (await _opener.RunAsync(paths => Probe.After(names.Select(name => paths.Status(name)).Last()), CancellationToken.None)).Dispose();

    private Helper Start()
    {
        var helper = new Helper(_released.Task, () => _meanwhile());
        _helpers.Add(helper);
        return helper;
    }

    private sealed class Helper(Task released, Action meanwhile) : IPathHelper
    {
        private readonly ManualResetEventSlim _end = new();

        public bool IsEnded => _end.IsSet;

        public Task Ended => released;

        public (PathReply Reply, SafeFileDescriptor? Descriptor) Ask(PathRequest request, SafeFileDescriptor? root = null)
        {
            while (request.Path.StartsWith("/dead", StringComparison.Ordinal) && !_end.Wait(1)) meanwhile();
            return IsEnded || request.Path.StartsWith("/kills", StringComparison.Ordinal) ? throw new IOException("it has ended") : (new PathReply(0, default, []), null);
        }

        public void Dispose() => _end.Set();
    }

    private sealed class Probe : IDisposable
    {
        public static Probe After(FileStatus? status) => status is null ? throw new InvalidOperationException("there is nothing") : new Probe();

        public void Dispose()
        {
        }
    }
}
