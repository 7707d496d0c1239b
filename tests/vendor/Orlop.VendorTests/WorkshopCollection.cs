namespace Orlop.VendorTests;

/// <summary>The classes that share one <see cref="Workshop"/>.</summary>
[CollectionDefinition(Name)]
public sealed class WorkshopCollection : ICollectionFixture<Workshop>
{
    public const string Name = "workshop";
}
