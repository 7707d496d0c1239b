namespace Orlop.Registry.Pull;

/// <summary>A blob was not on disk as it had been written; it is removed.</summary>
internal sealed class DamagedBlobException(string digest, Exception innerException)
    : Exception($"blob {digest} was damaged on disk", innerException);
