namespace Orlop.Registry.Store;

/// <summary>A pull that runs, or that was cut off: what it needs is kept for the next attempt (R14).</summary>
/// <param name="Reference">The image.</param>
/// <param name="At">When it was begun last.</param>
/// <param name="Blobs">What it fetches.</param>
/// <param name="Chains">What it unpacks.</param>
internal sealed record PullRecord(string Reference, DateTimeOffset At, IReadOnlyList<string> Blobs, IReadOnlyList<string> Chains);
