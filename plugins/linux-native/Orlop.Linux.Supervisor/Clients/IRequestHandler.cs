using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Clients;

/// <summary>Answers what clients ask.</summary>
internal interface IRequestHandler
{
    /// <summary>Handles one frame and answers it, now or later. Never throws for what is in it.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="frame">The head.</param>
    /// <param name="body">The body; valid during the call.</param>
    /// <param name="descriptors">What came with it; taken over.</param>
    void Handle(Client client, Frame frame, ReadOnlySpan<byte> body, SafeFileDescriptor[] descriptors);

    /// <summary>A client has gone.</summary>
    void ClientGone(Client client);
}
