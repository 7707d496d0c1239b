namespace Orlop.Abstractions.Execution;

/// <summary>Counters of one network interface of a pod; CRI <c>NetworkInterfaceUsage</c>.</summary>
/// <param name="Name">The interface inside the pod: <c>eth0</c>.</param>
/// <param name="RxBytes">Bytes received.</param>
/// <param name="RxErrors">Errors while receiving.</param>
/// <param name="TxBytes">Bytes sent.</param>
/// <param name="TxErrors">Errors while sending.</param>
public sealed record InterfaceUsage(string Name, ulong RxBytes, ulong RxErrors, ulong TxBytes, ulong TxErrors);
