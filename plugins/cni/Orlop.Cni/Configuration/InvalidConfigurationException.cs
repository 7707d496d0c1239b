namespace Orlop.Cni.Configuration;

/// <summary>A network configuration that cannot be used; the message says what is wrong with it, without its path.</summary>
internal sealed class InvalidConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);
