namespace Orlop.Cni.Execution;

/// <summary>How a call of a plugin failed.</summary>
internal enum PluginFailure
{
    /// <summary>No folder has its program.</summary>
    MissingBinary,

    /// <summary>The kernel refused to start its program.</summary>
    NotStarted,

    /// <summary>It ended with an error.</summary>
    Error,

    /// <summary>It ended well with an output that cannot be used.</summary>
    BadOutput,

    /// <summary>It did not end in time and was killed.</summary>
    Deadline,
}
