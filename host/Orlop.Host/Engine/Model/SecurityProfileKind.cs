namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>SecurityProfile.ProfileType</c>, with its numbers.</summary>
internal enum SecurityProfileKind
{
    RuntimeDefault = 0,
    Unconfined = 1,
    Localhost = 2,
}
