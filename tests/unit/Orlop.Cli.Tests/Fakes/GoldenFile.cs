using System.Runtime.CompilerServices;

namespace Orlop.Cli.Tests.Fakes;

/// <summary>Expected outputs in Golden/; ORLOP_UPDATE_GOLDEN=1 writes them anew, to be read before they are committed.</summary>
internal static class GoldenFile
{
    public static void ShouldMatchGolden(this string actual, string name, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("ORLOP_UPDATE_GOLDEN") == "1")
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(caller)!, "..", "Golden", name), actual);
        else
            actual.Should().Be(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)), $"Golden/{name} says so");
    }
}
