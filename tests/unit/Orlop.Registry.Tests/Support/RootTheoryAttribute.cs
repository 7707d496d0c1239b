namespace Orlop.Registry.Tests.Support;

/// <summary>As <see cref="RootFactAttribute"/>, for tests with data.</summary>
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (Environment.UserName != "root")
            Skip = "needs root";
    }
}
