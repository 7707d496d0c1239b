namespace Orlop.Layers;

/// <summary>The bytes of a layer are not what their format asks for: cut off, damaged, or made to do harm.</summary>
/// <param name="message">What is wrong, and at which entry or offset.</param>
/// <param name="innerException">The decoder's own error.</param>
internal sealed class LayerFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
