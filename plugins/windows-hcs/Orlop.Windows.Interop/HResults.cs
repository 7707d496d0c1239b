namespace Orlop.Windows.Interop;

/// <summary>HRESULTs of HCS and HCN, from winerror.h and computenetwork's errors.</summary>
public static class HResults
{
    public const int ImageMismatch = unchecked((int)0x80370101);
    public const int HyperVNotInstalled = unchecked((int)0x80370102);
    public const int Pending = unchecked((int)0xC0370103);
    public const int InvalidState = unchecked((int)0x80370105);
    public const int UnexpectedExit = unchecked((int)0x80370106);
    public const int UnknownMessage = unchecked((int)0x8037010B);
    public const int InvalidJson = unchecked((int)0x8037010D);
    public const int SystemNotFound = unchecked((int)0x8037010E);
    public const int SystemAlreadyExists = unchecked((int)0x8037010F);
    public const int SystemAlreadyStopped = unchecked((int)0x80370110);
    public const int InvalidLayer = unchecked((int)0x80370112);
    public const int ServiceNotAvailable = unchecked((int)0x80370114);
    public const int OperationPending = unchecked((int)0x80370117);
    public const int OperationTimeout = unchecked((int)0x80370118);
    public const int ProcessAlreadyStopped = unchecked((int)0x8037011F);
    public const int FileNotFound = unchecked((int)0x80070002);
    public const int PathNotFound = unchecked((int)0x80070003);
    public const int AccessDenied = unchecked((int)0x80070005);
    public const int NotReady = unchecked((int)0x80070015);
    public const int InvalidArgument = unchecked((int)0x80070057);
    public const int ElementNotFound = unchecked((int)0x80070490);
    public const int DeviceNotConnected = unchecked((int)0x8007048F);
    public const int NetworkNotFound = unchecked((int)0x803B0001);
    public const int EndpointNotFound = unchecked((int)0x803B0002);
    public const int NetworkInvalidJson = unchecked((int)0x803B001B);

    private const uint SeverityAndFacility = 0xFFFF0000;
    private const uint NtStatusOfHcs = 0xC0370000;
    private const uint HResultOfHcs = 0x80370000;

    /// <summary>What a failure means. HCS writes its own codes with either severity, 0x8037…. (v2) or 0xC037…. (v1).</summary>
    public static HcsError Classify(int hresult) => Normalise(hresult) switch
    {
        SystemNotFound or ElementNotFound or NetworkNotFound or EndpointNotFound => HcsError.NotFound,
        SystemAlreadyExists => HcsError.AlreadyExists,
        SystemAlreadyStopped or ProcessAlreadyStopped => HcsError.AlreadyStopped,
        NormalisedPending or OperationPending => HcsError.Pending,
        OperationTimeout => HcsError.Timeout,
        InvalidState => HcsError.InvalidState,
        UnexpectedExit => HcsError.UnexpectedExit,
        InvalidJson or UnknownMessage or NetworkInvalidJson => HcsError.InvalidDocument,
        ImageMismatch => HcsError.ImageMismatch,
        HyperVNotInstalled => HcsError.HyperVNotInstalled,
        InvalidLayer => HcsError.InvalidLayer,
        ServiceNotAvailable => HcsError.ServiceUnavailable,
        FileNotFound or PathNotFound => HcsError.FileNotFound,
        AccessDenied => HcsError.AccessDenied,
        InvalidArgument => HcsError.InvalidArgument,
        _ => HcsError.Other,
    };

    private const int NormalisedPending = unchecked((int)0x80370103);

    private static int Normalise(int hresult)
    {
        uint code = unchecked((uint)hresult);
        return (code & SeverityAndFacility) == NtStatusOfHcs ? unchecked((int)(HResultOfHcs | (code & ~SeverityAndFacility))) : hresult;
    }
}
