using Autofac;

namespace Orlop.Abstractions.Plugins;

/// <summary>A plugin's entry point: an Autofac module that registers its plug points in a scope of its own.</summary>
/// <remarks>
/// Register each plug point <c>As&lt;IPodNetwork&gt;()</c> (or another contract) and <c>SingleInstance()</c>. The scope
/// resolves what the host lends: <see cref="PluginContext"/>, <see cref="TimeProvider"/>, <c>ILogger&lt;T&gt;</c>,
/// <see cref="Records.IRecordStore"/> and <see cref="Lifecycle.IEventBus"/>.
/// </remarks>
public abstract class PluginModule : Module
{
    private PluginContext? _context;

    /// <summary>Folder, settings and host paths of this plugin; set by the host before <c>Load</c> runs.</summary>
    /// <exception cref="InvalidOperationException">The module was loaded without a host.</exception>
    public PluginContext Context
    {
        get => _context ?? throw new InvalidOperationException($"{GetType().Name} has no context yet: the host sets it before Load.");
        set => _context = value;
    }
}
