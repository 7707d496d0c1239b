using System.Diagnostics;

namespace Orlop.Registry.Tests.Support;

/// <summary>Programs of the machine.</summary>
internal static class Tool
{
    public static bool HasLibrary(string name) => System.Runtime.InteropServices.NativeLibrary.TryLoad(name, out _);

    /// <summary>Runs a shell script; its output. Fails the test when it fails.</summary>
    public static async Task<string> ShellAsync(string script, string folder)
    {
        var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add("-euc");
        start.ArgumentList.Add(script);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "{0} {1}", output, await error);
        return output;
    }
}
