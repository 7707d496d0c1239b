using Autofac;
using Orlop.Abstractions.Plugins;

namespace Orlop.Windows.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Elsewhere_than_on_Windows_the_plugin_is_skipped_with_its_reason()
    {
        if (OperatingSystem.IsWindows()) return;
        var builder = new ContainerBuilder();
        builder.RegisterModule(new WindowsModule());

        var build = () => builder.Build();

        build.Should().Throw<SkipPluginException>().WithMessage("*Windows only*");
    }
}
