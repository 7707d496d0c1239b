namespace Orlop.Host.Engine.Operations;

/// <summary>What makes two requests the same piece of work: its kind and the object's name.</summary>
/// <param name="Kind">The CRI call: <c>RunPodSandbox</c>.</param>
/// <param name="Name">The name that it claims: an id, or what a create is keyed by.</param>
internal readonly record struct OperationKey(string Kind, string Name)
{
    public override string ToString() => $"{Kind} {Name}";
}
