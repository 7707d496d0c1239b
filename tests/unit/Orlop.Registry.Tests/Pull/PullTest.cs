using System.Security.Cryptography;
using Orlop.Abstractions.Errors;
using Orlop.PluginContracts;
using Orlop.Registry.Http;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>A test of pulls from a stub registry, by a plugin whose folder and records outlive its restart.</summary>
public abstract class PullTest : IAsyncLifetime, IDisposable
{
    private protected TempFolder Folder { get; } = new();

    private protected MemoryRecordStore Records { get; } = new();

    private protected StubRegistry Registry { get; } = new();

    private protected LogLines Log { get; } = new();

    private protected Plugin Plugin { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Plugin = await Plugin.StartAsync(Folder.Path, Records, log: Log);
        Registry.Allow(Folder);
    }

    public virtual async Task DisposeAsync()
    {
        await Plugin.DisposeAsync();
        await Registry.DisposeAsync();
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task RestartAsync(TimeProvider? time = null, string[]? pinned = null, RegistryLimits? limits = null)
    {
        await Plugin.DisposeAsync();
        Plugin = await Plugin.StartAsync(Folder.Path, Records, time, Log, pinned, limits);
    }

    private protected async Task<RuntimeException> FailureOf(string reference) =>
        (await FluentActions.Awaiting(() => Plugin.PullAsync(reference)).Should().ThrowAsync<RuntimeException>()).Which;

    /// <summary>A name in the registry.</summary>
    private protected string Name(string name) => $"{Registry.Host}/{name}";

    /// <summary>An image of two layers.</summary>
    private protected static TestImage Image() => TestImage.Of(TarBuilder.Layer(t => t.File("one", "1")), TarBuilder.Layer(t => t.File("two", "2")));

    /// <summary>A layer of a mebibyte; random, so that nothing is compressed away.</summary>
    private protected static byte[] Big() => TarBuilder.Layer(t => t.Entry('0', "big"u8.ToArray(), RandomNumberGenerator.GetBytes(1 << 20)));
}
