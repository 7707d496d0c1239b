namespace Orlop.Windows.Tests.Support;

/// <summary>Tests that need the reference data.</summary>
public sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute()
    {
        if (!SharedReference.Exists) Skip = $"the reference data is not there: {SharedReference.Folder}";
    }
}
