namespace Orlop.Cni.Execution;

/// <summary>The operations of the protocol; the names are the values of <c>CNI_COMMAND</c>.</summary>
internal enum CniCommand
{
    Add,
    Del,
    Check,
    Status,
    Gc,
    Version,
}
