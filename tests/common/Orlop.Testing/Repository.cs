namespace Orlop.Testing;

/// <summary>The checked-out source tree that the running tests belong to.</summary>
public static class Repository
{
    /// <summary>The folder of <c>Platform.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built tree that <c>build/publish.sh</c> makes: <c>ORLOP_DIST</c>, else <c>artifacts/dist</c>.</summary>
    public static string Dist { get; } = Environment.GetEnvironmentVariable("ORLOP_DIST") is { Length: > 0 } dist
        ? Path.GetFullPath(dist)
        : Path.Combine(Root, "artifacts", "dist");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Platform.sln");
    }
}
