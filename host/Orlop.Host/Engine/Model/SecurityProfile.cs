namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>SecurityProfile</c>.</summary>
/// <param name="Kind">Where the profile comes from.</param>
/// <param name="Localhost">The file or name of a profile of the node.</param>
internal sealed record SecurityProfile(SecurityProfileKind Kind, string Localhost = "")
{
    public static SecurityProfile Unconfined { get; } = new(SecurityProfileKind.Unconfined);
}
