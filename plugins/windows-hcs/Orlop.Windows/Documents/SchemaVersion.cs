namespace Orlop.Windows.Documents;

/// <summary>The version of a document's schema.</summary>
internal sealed record SchemaVersion(int Major, int Minor);
