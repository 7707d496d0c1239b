using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;

namespace Acme.Registries;

/// <summary>Approves the images of registries that the list names.</summary>
/// <param name="file">Where the list is, for the error.</param>
/// <param name="allowed">Registries as references begin with them, for example <c>docker.io</c>.</param>
internal sealed class RegistryPolicy(string file, IReadOnlyList<string> allowed) : IImagePolicy
{
    public string Name => "acme-registries";

    public Task ApproveAsync(ResolvedImage image, string? podNamespace, CancellationToken cancellationToken)
    {
        string registry = image.Reference.Split('/', 2)[0];
        return allowed.Contains(registry, StringComparer.Ordinal)
            ? Task.CompletedTask
            : throw new RuntimeException(ErrorKind.PermissionDenied, $"image {image.Reference}: the registry {registry} is not allowed here; {file} allows {string.Join(", ", allowed.DefaultIfEmpty("none"))}");
    }
}
