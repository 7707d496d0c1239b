using Orlop.Linux.Kernel;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Gives the child a terminal.</summary>
internal static class TerminalSteps
{
    private const long SetControllingTerminal = 0x540E; // TIOCSCTTY

    /// <summary>Puts it on standard input, output and error, as the controlling terminal of the child's own session.</summary>
    public static void Use(SyscallProgramBuilder program, Terminal terminal)
    {
        Operand peer = program.Descriptor(terminal.Peer);
        program.Call("controlling terminal", SyscallNumber.Ioctl, [peer, SetControllingTerminal, 0]);
        for (int stream = 0; stream <= 2; stream++) program.Call($"dup2 terminal to {stream}", SyscallNumber.Dup2, [peer, stream]);
    }

    /// <summary>Makes it <c>/dev/console</c> too.</summary>
    public static void MountConsole(SyscallProgramBuilder program, RootView root, string pts)
    {
        int place = program.Temporary(), copy = program.Temporary();
        root.EnsureFile("/dev/console");
        root.Clone(root.Open($"{pts}/0", place), copy, "take the terminal", recursive: false);
        root.Attach(Operand.Slot(copy), "/dev/console", "the terminal");
    }
}
