namespace Orlop.Layers.Tar;

/// <summary>What an entry makes.</summary>
internal enum TarEntryType
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}
