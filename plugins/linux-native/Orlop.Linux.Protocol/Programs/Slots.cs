namespace Orlop.Linux.Protocol;

/// <summary>What the supervisor puts into a program's slots before it starts. Slots after the last descriptor are the program's own.</summary>
internal static class Slots
{
    /// <summary>A descriptor for standard input, above 2.</summary>
    public const int Input = 0;

    /// <summary>A descriptor for standard output, above 2.</summary>
    public const int Output = 1;

    /// <summary>A descriptor for standard error, above 2.</summary>
    public const int Error = 2;

    /// <summary>The pidfd of <see cref="LaunchRequest.Target"/>; -1 without one.</summary>
    public const int Target = 3;

    /// <summary>Descriptor i of the frame is here + i.</summary>
    public const int FirstDescriptor = 4;

    /// <summary>The first slot that no descriptor can take: the program's own start here.</summary>
    public const int FirstTemporary = FirstDescriptor + Frame.MaxDescriptors;
}
