using System.Formats.Tar;
using System.Text;

namespace Orlop.PluginContracts;

/// <summary>Small layers for tests, as uncompressed tar archives.</summary>
public sealed class TestTar
{
    private readonly List<Action<TarWriter>> _entries = [];

    /// <summary>Adds a file.</summary>
    public TestTar File(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        _entries.Add(writer =>
        {
            using var data = new MemoryStream(Encoding.UTF8.GetBytes(content));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = mode });
        });
        return this;
    }

    /// <summary>Adds a folder.</summary>
    public TestTar Folder(string name)
    {
        _entries.Add(writer => writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)0b111_101_101 }));
        return this;
    }

    /// <summary>Adds a symbolic link.</summary>
    public TestTar Link(string name, string target)
    {
        _entries.Add(writer => writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }));
        return this;
    }

    /// <summary>The archive.</summary>
    public Stream ToStream()
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in _entries) entry(writer);
        }

        bytes.Position = 0;
        return bytes;
    }
}
