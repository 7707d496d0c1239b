using Orlop.Abstractions.Errors;

namespace Orlop.Registry.Http;

/// <summary>A registry said no, or nothing at all. Explained to the caller with the image's name in front, at the plugin's boundary.</summary>
/// <param name="kind">Decides the gRPC status.</param>
/// <param name="message">Which host answered what to which request.</param>
/// <param name="innerException">The cause.</param>
internal sealed class RegistryException(ErrorKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ErrorKind Kind { get; } = kind;

    /// <summary>Nobody answered, or only with a failure of the server or with what makes no sense: the kubelet wants to know it by the message's prefix.</summary>
    public bool IsUnavailable => Kind == ErrorKind.Unavailable;
}
