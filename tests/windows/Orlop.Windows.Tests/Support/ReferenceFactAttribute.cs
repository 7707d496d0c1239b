namespace Orlop.Windows.Tests.Support;

/// <summary>A test that needs the reference data.</summary>
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (!SharedReference.Exists) Skip = $"the reference data is not there: {SharedReference.Folder}";
    }
}
