namespace Orlop.Host.Plugins;

/// <summary><c>type</c> of a setting in a manifest.</summary>
internal enum SettingKind
{
    String,
    Integer,
    Boolean,
    Strings,
}
