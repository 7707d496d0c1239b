namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>MountPropagation</c>, with its numbers.</summary>
internal enum MountPropagation
{
    Private = 0,
    HostToContainer = 1,
    Bidirectional = 2,
}
