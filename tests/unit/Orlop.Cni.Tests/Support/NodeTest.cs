namespace Orlop.Cni.Tests.Support;

/// <summary>A test on a node of its own; it fails when the plugin logs an error.</summary>
public abstract class NodeTest : IAsyncLifetime
{
    private protected NodeTest(Node? node = null) => Node = node ?? new Node();

    private protected Node Node { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Node.Log.Errors.Should().BeEmpty();
        await Node.DisposeAsync();
    }
}
