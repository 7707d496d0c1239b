namespace Orlop.Cni.Results;

/// <summary>A plugin's output that is no result; the message says what is wrong with it.</summary>
internal sealed class InvalidResultException(string message, Exception? innerException = null) : Exception(message, innerException);
