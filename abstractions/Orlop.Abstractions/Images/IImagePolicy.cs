using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Images;

/// <summary>Decides whether an image may be pulled. Every policy must agree.</summary>
public interface IImagePolicy : IPlugPoint
{
    /// <summary>Throws to refuse; the message starts with <c>SignatureValidationFailed</c> when a signature is the reason.</summary>
    /// <param name="image">What the reference resolved to.</param>
    /// <param name="podNamespace">The namespace of the pod that it is for; null when unknown.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task ApproveAsync(ResolvedImage image, string? podNamespace, CancellationToken cancellationToken);
}
