namespace Orlop.Abstractions.Records;

/// <summary>What a commit must survive once it has returned.</summary>
public enum Durability
{
    /// <summary>The end of the process, kill -9 included. After a power cut the last commits may be missing, never torn.</summary>
    Process,

    /// <summary>A power cut too: for records of data that itself survives one, images and layers (R11).</summary>
    Power,
}
