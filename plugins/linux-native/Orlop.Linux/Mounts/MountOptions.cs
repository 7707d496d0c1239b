using System.Collections.Frozen;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Syscalls;
using static Orlop.Linux.Syscalls.MountAttributes;

namespace Orlop.Linux.Mounts;

/// <summary>The options of a mount, sorted by whom they are for: the mount, everything below it, or its file system.</summary>
/// <remarks>The names are those that runc takes: the OCI runtime-spec leaves them to mount(8).</remarks>
internal sealed record MountOptions
{
    private enum Kind
    {
        Ignored,
        Set,
        Clear,
        SetBelow,
        ClearBelow,
        Propagation,
        PropagationBelow,
        Bind,
        BindBelow,
        Superblock,
        CopyUp,
        Refused,
    }

    private static readonly FrozenDictionary<string, (Kind Kind, ulong Value)> Known = new Dictionary<string, (Kind, ulong)>
    {
        ["ro"] = (Kind.Set, (ulong)ReadOnly),
        ["rw"] = (Kind.Clear, (ulong)ReadOnly),
        ["nosuid"] = (Kind.Set, (ulong)NoSuid),
        ["suid"] = (Kind.Clear, (ulong)NoSuid),
        ["nodev"] = (Kind.Set, (ulong)NoDev),
        ["dev"] = (Kind.Clear, (ulong)NoDev),
        ["noexec"] = (Kind.Set, (ulong)NoExec),
        ["exec"] = (Kind.Clear, (ulong)NoExec),
        ["noatime"] = (Kind.Set, (ulong)NoAccessTime),
        ["atime"] = (Kind.Clear, (ulong)AccessTimeMask),
        ["relatime"] = (Kind.Clear, (ulong)AccessTimeMask),
        ["norelatime"] = (Kind.Clear, (ulong)AccessTimeMask),
        ["strictatime"] = (Kind.Set, (ulong)StrictAccessTime),
        ["nostrictatime"] = (Kind.Clear, (ulong)AccessTimeMask),
        ["nodiratime"] = (Kind.Set, (ulong)NoDirectoryAccessTime),
        ["diratime"] = (Kind.Clear, (ulong)NoDirectoryAccessTime),
        ["nosymfollow"] = (Kind.Set, (ulong)NoSymlinkFollow),
        ["symfollow"] = (Kind.Clear, (ulong)NoSymlinkFollow),
        ["rro"] = (Kind.SetBelow, (ulong)ReadOnly),
        ["rrw"] = (Kind.ClearBelow, (ulong)ReadOnly),
        ["rnosuid"] = (Kind.SetBelow, (ulong)NoSuid),
        ["rsuid"] = (Kind.ClearBelow, (ulong)NoSuid),
        ["rnodev"] = (Kind.SetBelow, (ulong)NoDev),
        ["rdev"] = (Kind.ClearBelow, (ulong)NoDev),
        ["rnoexec"] = (Kind.SetBelow, (ulong)NoExec),
        ["rexec"] = (Kind.ClearBelow, (ulong)NoExec),
        ["rnoatime"] = (Kind.SetBelow, (ulong)NoAccessTime),
        ["ratime"] = (Kind.ClearBelow, (ulong)AccessTimeMask),
        ["rrelatime"] = (Kind.ClearBelow, (ulong)AccessTimeMask),
        ["rnorelatime"] = (Kind.ClearBelow, (ulong)AccessTimeMask),
        ["rstrictatime"] = (Kind.SetBelow, (ulong)StrictAccessTime),
        ["rnostrictatime"] = (Kind.ClearBelow, (ulong)AccessTimeMask),
        ["rnodiratime"] = (Kind.SetBelow, (ulong)NoDirectoryAccessTime),
        ["rdiratime"] = (Kind.ClearBelow, (ulong)NoDirectoryAccessTime),
        ["rnosymfollow"] = (Kind.SetBelow, (ulong)NoSymlinkFollow),
        ["rsymfollow"] = (Kind.ClearBelow, (ulong)NoSymlinkFollow),
        ["private"] = (Kind.Propagation, (ulong)MountPropagation.Private),
        ["rprivate"] = (Kind.PropagationBelow, (ulong)MountPropagation.Private),
        ["slave"] = (Kind.Propagation, (ulong)MountPropagation.Slave),
        ["rslave"] = (Kind.PropagationBelow, (ulong)MountPropagation.Slave),
        ["shared"] = (Kind.Propagation, (ulong)MountPropagation.Shared),
        ["rshared"] = (Kind.PropagationBelow, (ulong)MountPropagation.Shared),
        ["unbindable"] = (Kind.Propagation, (ulong)MountPropagation.Unbindable),
        ["runbindable"] = (Kind.PropagationBelow, (ulong)MountPropagation.Unbindable),
        ["bind"] = (Kind.Bind, 0),
        ["rbind"] = (Kind.BindBelow, 0),
        ["tmpcopyup"] = (Kind.CopyUp, 0),
        ["sync"] = (Kind.Superblock, 0),
        ["dirsync"] = (Kind.Superblock, 0),
        ["lazytime"] = (Kind.Superblock, 0),
        ["mand"] = (Kind.Superblock, 0),
        ["idmap"] = (Kind.Refused, 0),
        ["ridmap"] = (Kind.Refused, 0),
        ["remount"] = (Kind.Refused, 0),
        ["defaults"] = (Kind.Ignored, 0),
        ["async"] = (Kind.Ignored, 0),
        ["nolazytime"] = (Kind.Ignored, 0),
        ["nomand"] = (Kind.Ignored, 0),
        ["silent"] = (Kind.Ignored, 0),
        ["loud"] = (Kind.Ignored, 0),
        ["iversion"] = (Kind.Ignored, 0),
        ["noiversion"] = (Kind.Ignored, 0),
        ["acl"] = (Kind.Ignored, 0),
        ["noacl"] = (Kind.Ignored, 0),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A path of the node is mounted, not a file system.</summary>
    public bool Bind { get; private init; }

    /// <summary>Mounts below the source come along.</summary>
    public bool BindRecursive { get; private init; }

    /// <summary>What changes on the mount itself.</summary>
    public AttributeChange Change { get; private init; }

    /// <summary>What changes on the mount and on all mounts below it.</summary>
    public AttributeChange ChangeRecursive { get; private init; }

    public MountPropagation Propagation { get; private init; }

    /// <summary>The propagation holds for mounts below it too.</summary>
    public bool PropagationRecursive { get; private init; }

    /// <summary>A tmpfs starts with a copy of what it hides.</summary>
    public bool CopyUp { get; private init; }

    /// <summary>What the file system itself is told, as <c>key=value</c> or <c>key</c>.</summary>
    public IReadOnlyList<string> Data { get; private init; } = [];

    /// <exception cref="RuntimeException">InvalidArgument: an option that cannot be served.</exception>
    public static MountOptions Parse(IReadOnlyList<string>? options, string destination)
    {
        var parsed = new MountOptions();
        var data = new List<string>();
        foreach (string option in options ?? [])
        {
            if (option.Length == 0) continue;
            if (!Known.TryGetValue(option, out (Kind Kind, ulong Value) known))
            {
                data.Add(option);
                continue;
            }
            var attribute = (MountAttributes)known.Value;
            var propagation = (MountPropagation)known.Value;
            switch (known.Kind)
            {
                case Kind.Set: parsed = parsed with { Change = parsed.Change.With(attribute) }; break;
                case Kind.Clear: parsed = parsed with { Change = parsed.Change.Without(attribute) }; break;
                case Kind.SetBelow: parsed = parsed with { ChangeRecursive = parsed.ChangeRecursive.With(attribute) }; break;
                case Kind.ClearBelow: parsed = parsed with { ChangeRecursive = parsed.ChangeRecursive.Without(attribute) }; break;
                case Kind.Propagation: parsed = parsed with { Propagation = propagation, PropagationRecursive = false }; break;
                case Kind.PropagationBelow: parsed = parsed with { Propagation = propagation, PropagationRecursive = true }; break;
                case Kind.Bind: parsed = parsed with { Bind = true }; break;
                case Kind.BindBelow: parsed = parsed with { Bind = true, BindRecursive = true }; break;
                case Kind.CopyUp: parsed = parsed with { CopyUp = true }; break;
                case Kind.Superblock: data.Add(option); break;
                case Kind.Refused:
                    throw RuntimeException.InvalidArgument($"mount {destination}: option '{option}' is not supported by linux-native.");
            }
        }
        return parsed with { Data = data };
    }
}
