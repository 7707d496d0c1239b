using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>Changes a detached tree before anybody can see it.</summary>
internal static class MountChanges
{
    /// <param name="tree">From open_tree(2).</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="fallback">The propagation when the options have none.</param>
    public static void Apply(SafeFileDescriptor tree, MountOptions options, MountPropagation fallback)
    {
        bool asked = options.Propagation != MountPropagation.Unchanged;
        ulong propagation = (ulong)(asked ? options.Propagation : fallback);
        bool whole = asked ? options.PropagationRecursive : options.BindRecursive;

        AttributeChange recursive = options.ChangeRecursive;
        if (!recursive.IsEmpty || (whole && propagation != 0))
            Change(tree, AtFlags.Recursive, recursive, whole ? propagation : 0);
        AttributeChange own = options.Change;
        if (!own.IsEmpty || (!whole && propagation != 0))
            Change(tree, AtFlags.None, own, whole ? 0 : propagation);
    }

    private static void Change(SafeFileDescriptor tree, AtFlags flags, AttributeChange change, ulong propagation) => Mounts.SetAttributes(
        tree, "", flags | AtFlags.EmptyPath, new MountAttributeChange { Set = change.Set, Clear = change.Clear, Propagation = propagation });
}
