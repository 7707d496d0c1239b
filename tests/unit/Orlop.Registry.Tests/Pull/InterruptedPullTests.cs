using Microsoft.Extensions.Time.Testing;
using Orlop.Registry.Store;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>Pulls that broke off and go on.</summary>
public sealed class InterruptedPullTests : PullTest
{
    [Fact]
    public async Task A_broken_connection_goes_on_where_it_broke()
    {
        var image = TestImage.Make([Big()], compress: b => b);
        Registry.Add("app", "1", image);
        string blob = image.LayerBlobs[0];
        var starts = new List<int>();
        Registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.EndsWith(blob, StringComparison.Ordinal))
                return false;
            starts.Add(StubRegistry.StartOf(c.Request));
            if (starts.Count > 3)
                return false;
            await Registry.CutAsync(c, blob, 100_000);
            return true;
        };

        await Plugin.PullAsync(Name("app:1"));

        starts.Should().HaveCount(4).And.BeInAscendingOrder();
        starts[3].Should().BeGreaterThan(0).And.BeLessThanOrEqualTo(300_000);
    }

    [Fact]
    public async Task A_pull_that_was_cancelled_goes_on_after_a_restart()
    {
        var image = TestImage.Make([Big()], compress: b => b);
        Registry.Add("app", "1", image);
        string blob = image.LayerBlobs[0];
        using var cancel = new CancellationTokenSource();
        var starts = new List<int>();
        Registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.EndsWith(blob, StringComparison.Ordinal))
                return false;
            starts.Add(StubRegistry.StartOf(c.Request));
            if (starts.Count > 1)
                return false;
            c.Response.ContentLength64 = image.Blobs[blob].Length;
            await c.Response.OutputStream.WriteAsync(image.Blobs[blob].AsMemory(0, 200_000));
            await c.Response.OutputStream.FlushAsync();
            string partial = Path.Combine(Folder["root/content/partial"], blob.Replace(':', '-'));
            while (!File.Exists(partial) || new FileInfo(partial).Length < 200_000)
                await Task.Delay(5);
            await cancel.CancelAsync();
            c.Response.Abort();
            return true;
        };
        await FluentActions.Awaiting(() => Plugin.PullAsync(Name("app:1"), cancellationToken: cancel.Token)).Should().ThrowAsync<OperationCanceledException>();

        await RestartAsync();
        await Plugin.PullAsync(Name("app:1"));

        starts.Should().Equal(0, 200_000);
    }

    [Fact]
    public async Task What_a_failed_pull_left_is_kept_for_a_day()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await RestartAsync(time: time);
        var image = TestImage.Of(TarBuilder.Layer(t => t.File("good")), "no archive at all"u8.ToArray());
        Registry.Add("app", "1", image);
        await FailureOf(Name("app:1"));
        var collector = Plugin.Get<ContentCollector>();

        await collector.CollectAsync(CancellationToken.None);
        (await Plugin.Content.ListAsync(CancellationToken.None)).Should().NotBeEmpty();
        Plugin.Overlay.Layers.Should().ContainSingle();

        time.Advance(TimeSpan.FromHours(25));
        await collector.CollectAsync(CancellationToken.None);
        (await Plugin.Content.ListAsync(CancellationToken.None)).Should().BeEmpty();
        Plugin.Overlay.Layers.Should().BeEmpty();
        (await Records.ListAsync("pull/", CancellationToken.None)).Should().BeEmpty();
    }
}
