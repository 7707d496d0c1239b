using System.Diagnostics;

namespace Orlop.Cni.Tests.Support;

/// <summary>Waits for what happens in the background.</summary>
internal static class Eventually
{
    public static async Task BecomesTrueAsync(Func<bool> condition, string because, int seconds = 15)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(seconds), because);
            await Task.Delay(20);
        }
    }
}
