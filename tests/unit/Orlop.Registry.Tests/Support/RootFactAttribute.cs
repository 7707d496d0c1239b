namespace Orlop.Registry.Tests.Support;

/// <summary>A test that chowns files, makes device nodes or mounts.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(params string[] tools)
    {
        if (Environment.UserName != "root")
            Skip = "needs root";
        else if (tools.FirstOrDefault(tool => Tool.Find(tool) is null) is { } missing)
            Skip = $"needs {missing}, which is not installed";
    }
}
