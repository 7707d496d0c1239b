using System.Globalization;

namespace Orlop.Windows.Interop;

/// <summary>A call of HCS, HCN or the layer API that failed.</summary>
/// <param name="call">The function: <c>HcsCreateComputeSystem</c>.</param>
/// <param name="subject">What it was about: an id, a path.</param>
/// <param name="hresult">What it returned.</param>
/// <param name="document">The result document, which names the place of an error in a request; null when there is none.</param>
public sealed class HcsException(string call, string subject, int hresult, string? document = null)
    : Exception(Describe(call, subject, hresult, document))
{
    /// <summary>The function.</summary>
    public string Call { get; } = call;

    /// <summary>What it means.</summary>
    public HcsError Error { get; } = HResults.Classify(hresult);

    /// <summary>The result document.</summary>
    public string? Document { get; } = document;

    /// <summary>What the function returned; never <see cref="Exception.HResult"/>, which the runtime may set.</summary>
    public int Code { get; } = hresult;

    private static string Describe(string call, string subject, int hresult, string? document)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{call} {subject}: 0x{hresult:X8} ({HResults.Classify(hresult)})");
        return string.IsNullOrEmpty(document) ? text : $"{text}: {document}";
    }
}
