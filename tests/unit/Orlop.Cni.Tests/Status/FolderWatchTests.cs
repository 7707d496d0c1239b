using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Cni.Status;

namespace Orlop.Cni.Tests.Status;

public sealed class FolderWatchTests : IDisposable
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-cni-").FullName;
    private readonly string _outside = Directory.CreateTempSubdirectory("orlop-cni-").FullName;
    private readonly FolderWatch _watch;

    public FolderWatchTests()
    {
        _watch = new FolderWatch(_folder, TimeProvider.System, NullLogger.Instance);
        _watch.Arm();
    }

    public void Dispose()
    {
        _watch.Dispose();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_outside, recursive: true);
    }

    [Fact]
    public async Task A_rename_into_the_folder_is_reported()
    {
        string file = Path.Combine(_outside, "new");
        File.WriteAllText(file, "{}");
        Task<bool> wait = _watch.WaitAsync(s_never, CancellationToken.None);

        File.Move(file, Path.Combine(_folder, "10-net.conflist"));

        (await wait.WaitAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task A_rename_over_a_file_is_reported()
    {
        string file = Path.Combine(_folder, "10-net.conflist");
        File.WriteAllText(file, "{}");
        (await _watch.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None)).Should().BeTrue();
        File.WriteAllText(Path.Combine(_folder, "tmp"), "{}");
        (await _watch.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None)).Should().BeTrue();

        File.Move(Path.Combine(_folder, "tmp"), file, overwrite: true);

        (await _watch.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None)).Should().BeTrue();
    }

    [Fact]
    public async Task What_happened_before_the_wait_is_reported_once()
    {
        File.WriteAllText(Path.Combine(_folder, "a"), "1");
        await Task.Delay(200);

        (await _watch.WaitAsync(s_never, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();
        (await _watch.WaitAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None)).Should().BeFalse();
    }

    [Fact]
    public async Task A_quiet_folder_lets_the_time_pass() =>
        (await _watch.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None)).Should().BeFalse();

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await this.Awaiting(_ => _watch.WaitAsync(s_never, cancel.Token)).Should().ThrowAsync<OperationCanceledException>();
    }
}
