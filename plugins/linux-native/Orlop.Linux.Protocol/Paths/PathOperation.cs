namespace Orlop.Linux.Protocol;

/// <summary>What is done with a path of the node.</summary>
internal enum PathOperation : byte
{
    /// <summary>statx(2), links followed. With a descriptor, the path is one of its tree and never leaves it.</summary>
    Status = 0,

    /// <summary>statx(2) of a link itself.</summary>
    StatusOfLink = 1,

    /// <summary>open(2) of a folder with O_PATH; the descriptor comes with the reply.</summary>
    OpenFolder = 2,

    /// <summary>open_tree(2) with OPEN_TREE_CLONE; the descriptor comes with the reply, and the status of the tree's root.</summary>
    CloneTree = 3,

    /// <summary><see cref="CloneTree"/> with everything that is mounted below.</summary>
    CloneTreeRecursively = 4,

    /// <summary>The names in a folder.</summary>
    Names = 5,
}
