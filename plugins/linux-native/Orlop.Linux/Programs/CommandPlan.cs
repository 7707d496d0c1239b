using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>What a process executes.</summary>
/// <param name="Candidates">Programs to try in order; the first one that can be executed is.</param>
/// <param name="Arguments">Its arguments, the first of which is the command as it was given.</param>
/// <param name="Environment"><c>NAME=value</c>.</param>
internal sealed record CommandPlan(IReadOnlyList<string> Candidates, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)
{
    /// <summary>Ends a program; an execve(2) that fails goes on to the next candidate, as execvp(3) does.</summary>
    public void AddTo(SyscallProgramBuilder program)
    {
        Operand arguments = program.TextArray(Arguments), environment = program.TextArray(Environment);
        for (int i = 0; i < Candidates.Count; i++)
            program.Call(
                $"execve \"{Candidates[i]}\"", SyscallNumber.Execve, [program.Text(Candidates[i]), arguments, environment],
                ignoredErrno: i < Candidates.Count - 1 ? SyscallOperation.AnyErrno : 0);
    }
}
