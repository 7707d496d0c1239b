using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>A complete frame.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The id of its request, or 0 for an event.</param>
/// <param name="Body">For the message's <c>Read</c>.</param>
/// <param name="Descriptors">What came with it; the receiver's to close.</param>
internal sealed record ReceivedFrame(MessageKind Kind, uint Id, byte[] Body, SafeFileDescriptor[] Descriptors);
