using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Linux.Cgroups;

/// <summary>A checked rule on devices.</summary>
/// <param name="Allow">Whether it allows.</param>
/// <param name="Type"><c>a</c>, <c>b</c> or <c>c</c>.</param>
/// <param name="Major">Major number; null is any.</param>
/// <param name="Minor">Minor number; null is any.</param>
/// <param name="Access">Of <c>r</c>, <c>w</c> and <c>m</c>.</param>
internal sealed record DeviceAccess(bool Allow, char Type, uint? Major, uint? Minor, string Access)
{
    private const string All = "rwm";

    /// <summary>
    /// What every container may use: to make any node (using it is another matter), the harmless devices, and its own terminals.
    /// The list of runc's AllowedDevices.
    /// </summary>
    private static readonly DeviceAccess[] Defaults =
    [
        new(true, 'c', null, null, "m"), new(true, 'b', null, null, "m"),
        new(true, 'c', 1, 3, All), new(true, 'c', 1, 5, All), new(true, 'c', 1, 7, All), new(true, 'c', 1, 8, All), new(true, 'c', 1, 9, All),
        new(true, 'c', 5, 0, All), new(true, 'c', 5, 2, All), new(true, 'c', 136, null, All),
    ];

    /// <summary>Whether it settles every access to every device.</summary>
    public bool IsTotal => Major is null && Minor is null && Access.Length == All.Length && Type == 'a';

    /// <summary>
    /// The rules of a container in order; a later one overrides an earlier one. Nothing is allowed that no rule allows: with CAP_MKNOD in the
    /// usual set, a container without device rules could open the node's disks.
    /// </summary>
    /// <exception cref="RuntimeException">InvalidArgument: a rule that makes no sense.</exception>
    public static IReadOnlyList<DeviceAccess> Plan(IReadOnlyList<DeviceRule>? rules)
    {
        var plan = new List<DeviceAccess> { new(false, 'a', null, null, All) };
        foreach (DeviceRule rule in rules ?? [])
        {
            DeviceAccess access = Parse(rule);
            if (access.IsTotal) plan.Clear();
            plan.Add(access);
        }
        if (!(plan is [{ Allow: true, IsTotal: true }, ..])) plan.AddRange(Defaults);
        return plan;
    }

    /// <summary>A line for <c>devices.allow</c> or <c>devices.deny</c> of v1.</summary>
    public string ToLegacy() => IsTotal ? "a" : $"{Type} {Number(Major)}:{Number(Minor)} {Access}";

    private static DeviceAccess Parse(DeviceRule rule)
    {
        char type = rule.Type switch
        {
            null or "" or "a" => 'a',
            "c" or "u" => 'c',
            "b" => 'b',
            _ => throw RuntimeException.InvalidArgument($"device rule: type '{rule.Type}' is none of a, b, c."),
        };
        string access = string.IsNullOrEmpty(rule.Access) ? All : string.Concat(All.Where(letter => rule.Access.Contains(letter, StringComparison.Ordinal)));
        if (access.Length == 0 || (rule.Access ?? "").Any(letter => !All.Contains(letter, StringComparison.Ordinal)))
            throw RuntimeException.InvalidArgument($"device rule: access '{rule.Access}' is none of r, w, m.");
        uint? major = Number(rule.Major, "major"), minor = Number(rule.Minor, "minor");
        if (type == 'a' && (major is not null || minor is not null || access.Length < All.Length))
            throw RuntimeException.InvalidArgument("device rule: type a means all devices and takes neither numbers nor a part of the access.");
        return new DeviceAccess(rule.Allow, type, major, minor, access);
    }

    private static uint? Number(long? number, string what) => number switch
    {
        null or -1 => null, // -1 is the wildcard of libcontainer
        >= 0 and <= uint.MaxValue => (uint)number.Value,
        _ => throw RuntimeException.InvalidArgument($"device rule: {what} {number} is out of range."),
    };

    private static string Number(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";
}
