namespace Orlop.Abstractions.Records;

/// <summary>One record of a store.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes that were put.</param>
public sealed record Record(string Key, byte[] Value);
