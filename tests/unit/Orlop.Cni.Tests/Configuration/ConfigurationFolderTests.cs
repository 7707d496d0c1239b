using Orlop.Cni.Configuration;

namespace Orlop.Cni.Tests.Configuration;

public sealed class ConfigurationFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-cni-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_file_in_order_of_names_wins_whatever_its_extension()
    {
        Write("20-b.conflist", "b");
        Write("10-a.json", "a");
        Write("05-c.conf.bak", "c");
        Directory.CreateDirectory(Path.Combine(_folder, "00-folder.conf"));

        Scan().Network!.Name.Should().Be("a");
    }

    [Fact]
    public void The_sample_is_valid()
    {
        ConfigurationScan scan = new ConfigurationFolder(Path.Combine(AppContext.BaseDirectory, "samples")).Scan();

        scan.Broken.Should().BeEmpty();
        scan.Network!.Plugins.Select(plugin => plugin.Type).Should().Equal("bridge", "portmap");
    }

    [Fact]
    public void The_order_is_that_of_bytes_as_with_other_runtimes()
    {
        Write("9.conf", "nine");
        Write("10.conf", "ten");
        Write("Z.conf", "upper");

        Scan().Network!.Name.Should().Be("ten");
    }

    [Fact]
    public void A_link_to_a_file_counts()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "..data"));
        File.WriteAllText(Path.Combine(_folder, "..data", "real"), """{"name":"linked","type":"p"}""");
        File.CreateSymbolicLink(Path.Combine(_folder, "10-net.conf"), "..data/real");

        Scan().Network!.Name.Should().Be("linked");
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named_in_order()
    {
        File.WriteAllText(Path.Combine(_folder, "a.conf"), "{");
        File.CreateSymbolicLink(Path.Combine(_folder, "b.conf"), "nowhere");
        File.WriteAllText(Path.Combine(_folder, "c.conf"), new string(' ', 2_000_000));
        Write("d.conf", "d");

        ConfigurationScan scan = Scan();

        scan.Network!.Name.Should().Be("d");
        scan.Broken.Select(broken => Path.GetFileName(broken.File)).Should().Equal("a.conf", "b.conf", "c.conf");
        scan.Broken[2].Error.Should().Contain("2000000 bytes");
    }

    private ConfigurationScan Scan() => new ConfigurationFolder(_folder).Scan();

    private void Write(string file, string name) => File.WriteAllText(Path.Combine(_folder, file), $$"""{"name":"{{name}}","type":"p"}""");
}
