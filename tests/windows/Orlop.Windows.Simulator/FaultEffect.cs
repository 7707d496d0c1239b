namespace Orlop.Windows.Simulator;

/// <summary>What a call that fails has done all the same.</summary>
internal enum FaultEffect
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>All that it was to do.</summary>
    Done,

    /// <summary>All that it was to do, some time after it failed.</summary>
    DoneLater,
}
