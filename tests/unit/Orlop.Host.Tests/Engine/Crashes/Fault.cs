namespace Orlop.Host.Tests.Engine.Crashes;

/// <summary>What happens to a process at one of its steps.</summary>
internal enum Fault
{
    /// <summary>It is killed: nothing that it does happens any more.</summary>
    CutOff,

    /// <summary>That one step fails.</summary>
    Once,

    /// <summary>That step and all later ones fail, until they are healed.</summary>
    Everything,

    /// <summary>From that step on no record can be written, until that is healed.</summary>
    DiskFull,

    /// <summary>Something happens elsewhere; the step itself goes well.</summary>
    Elsewhere,
}
