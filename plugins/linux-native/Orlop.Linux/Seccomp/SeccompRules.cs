using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Linux.Seccomp;

/// <summary>A condition on one 64-bit argument.</summary>
internal readonly record struct SeccompCondition(int Index, SeccompComparison Comparison, ulong Value, ulong ValueTwo);

/// <summary>A verdict with the conditions that must all hold for it.</summary>
internal sealed record SeccompRule(uint Verdict, IReadOnlyList<SeccompCondition> Conditions);

/// <summary>What holds for one call: the conditional rules in the order of the profile, then what holds otherwise.</summary>
/// <remarks>
/// A rule without conditions never hides one with conditions, whatever their order: a profile that allows <c>socket</c> and
/// refuses <c>socket</c> of one family means both.
/// </remarks>
internal sealed class SeccompRules
{
    private readonly List<SeccompRule> _conditional = [];

    public IReadOnlyList<SeccompRule> Conditional => _conditional;

    /// <summary>The first rule without conditions; null is the profile's default.</summary>
    public uint? Otherwise { get; private set; }

    /// <summary>Rules by number for one architecture; names that it does not have are skipped, as libseccomp's users do.</summary>
    public static SortedDictionary<uint, SeccompRules> ByNumber(LinuxSeccomp profile, SeccompArchitecture architecture)
    {
        var byNumber = new SortedDictionary<uint, SeccompRules>();
        foreach (SeccompSyscall syscall in profile.Syscalls ?? [])
        {
            uint verdict = SeccompAction.Parse(syscall.Action, syscall.ErrnoRet);
            SeccompCondition[] conditions = [.. (syscall.Args ?? []).Select(Condition)];
            foreach (string name in syscall.Names)
            {
                if (!architecture.Numbers.TryGetValue(name, out int number)) continue;
                if (!byNumber.TryGetValue((uint)number, out var rules)) byNumber.Add((uint)number, rules = new SeccompRules());
                rules.Add(verdict, conditions);
            }
        }
        return byNumber;
    }

    private void Add(uint verdict, SeccompCondition[] conditions)
    {
        if (conditions.Length == 0)
            Otherwise ??= verdict;
        else if (conditions.DistinctBy(condition => condition.Index).Count() == conditions.Length)
            _conditional.Add(new SeccompRule(verdict, conditions));
        else // Several conditions on one argument are alternatives, as runc and crun read them.
            _conditional.AddRange(conditions.Select(condition => new SeccompRule(verdict, [condition])));
    }

    private static SeccompCondition Condition(SeccompArg argument) => argument.Index <= 5
        ? new SeccompCondition((int)argument.Index, SeccompComparisons.Parse(argument.Op), argument.Value, argument.ValueTwo)
        : throw RuntimeException.InvalidArgument($"seccomp profile: argument index {argument.Index} is out of range (0 to 5).");
}
