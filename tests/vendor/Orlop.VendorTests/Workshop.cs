using System.Diagnostics;

namespace Orlop.VendorTests;

/// <summary>A vendor's machine: a folder outside of the repository, with nothing of Orlop but its packages and its template, and the samples built from them.</summary>
public sealed class Workshop : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // A version of its own each time: NuGet takes a version that it has seen for the same for ever.
    private readonly string _version = $"0.1.0-test.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}";

    public string Folder { get; } = Directory.CreateTempSubdirectory("orlop-vendor-").FullName;

    /// <summary>The packages, where the samples' <c>nuget.config</c> expects them.</summary>
    public string Packages => Below("artifacts/packages");

    /// <summary>The sample plugins, as they would lie in <c>/opt/orlop/plugins</c>.</summary>
    public string Plugins => Below("plugins");

    public string Below(string path) => Path.Combine(Folder, path);

    public async Task InitializeAsync()
    {
        WriteNuGetConfiguration();
        await RunAsync(Repository.Root, "build/pack.sh", "--version", _version, Packages);
        await RunAsync(Folder, "dotnet", "new", "install", Directory.GetFiles(Packages, "Orlop.Templates.*.nupkg").Single());
        string acme = CopyTree(Path.Combine(Repository.Root, "samples", "acme"), Below("samples/acme"));
        await RunAsync(acme, "dotnet", "test");
        await RunAsync(acme, "dotnet", "publish", "src/Acme.Defaults", "--output", Path.Combine(Plugins, "acme-defaults"));
        await RunAsync(acme, "dotnet", "publish", "src/Acme.Registries", "--output", Path.Combine(Plugins, "acme-registries"));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs a program that must succeed, and gives its output.</summary>
    public async Task<string> RunAsync(string folder, params string[] command)
    {
        var result = await TryRunAsync(folder, command);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{string.Join(' ', command)} exited with {result.ExitCode}:\n{result.Output}{result.Error}");
    }

    /// <summary>Runs a program as a vendor has it: with templates of this workshop's own.</summary>
    public Task<CommandResult> TryRunAsync(string folder, params string[] command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 022; exec \"$@\"", "sh", .. command]) { WorkingDirectory = folder };
        start.Environment["DOTNET_CLI_HOME"] = Below("home");
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        start.Environment["OrlopVersion"] = _version;
        start.Environment["PackageVersion"] = _version;

        // No compiler or build server outlives its command.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return Command.TryRunAsync(start, Patience);
    }

    /// <summary>How to run a program in mount and process namespaces of its own: what it mounts and starts ends with it.</summary>
    public static string[] Isolated(params string[] command) =>
        ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", .. command];

    // Whatever is unpacked below this folder stays there, and what the repository's own restore has fetched is not fetched again.
    private void WriteNuGetConfiguration()
    {
        string fetched = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } packages
            ? packages
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Below("nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="nuget" /></config>
              <fallbackPackageFolders><add key="fetched" value="{fetched}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    private static string CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in new DirectoryInfo(from).EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in new DirectoryInfo(from).EnumerateDirectories().Where(folder => folder.Name is not ("bin" or "obj" or "out")))
        {
            CopyTree(folder.FullName, Path.Combine(to, folder.Name));
        }

        return to;
    }
}
