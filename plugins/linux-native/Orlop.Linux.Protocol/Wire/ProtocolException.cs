namespace Orlop.Linux.Protocol;

/// <summary>Bytes that are not a message of the protocol.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
