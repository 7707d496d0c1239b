namespace Orlop.Cni.Attachments;

/// <summary>How far an attachment has come. What is stored decides what a restart finds.</summary>
internal enum AttachmentState
{
    /// <summary>Written before the first ADD: some plugins may have run.</summary>
    Intended,

    /// <summary>Every plugin has run.</summary>
    Attached,

    /// <summary>Meant to be gone, and not all plugins have confirmed it; tried again until they do (R8, R9).</summary>
    Owed,
}
