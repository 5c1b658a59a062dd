namespace Streaming.Contract.Records;

/// <summary>How much of a record is taken over, judged by its sizes before a byte of it is copied.</summary>
/// <remarks>
/// A record too large to be an event is rejected here, so that memory and the store hold only its beginning: the first
/// <see cref="Beginning"/> bytes of the value, <see cref="KeptKeyBytes"/> of the key, the SHA-256 and the length of the whole value, and
/// the headers when they are no more than <see cref="MaxHeaderBytes"/>. The position in the input topic says where the whole is, as long as
/// that topic keeps it.
/// </remarks>
public static class RecordLimits
{
    /// <summary>The most bytes of all headers, with their length fields.</summary>
    public const int MaxHeaderBytes = 32_768;

    /// <summary>Key, value and headers of a record that is kept whole, in bytes at most: a broker's own default limit.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Bytes kept of the value of a larger record. (`Beginning` → `KeptValueBytes`, `KeyBeginning` → `KeptKeyBytes`)</summary>
    public const int Beginning = 65_536;

    /// <summary>How much of the key is kept then.</summary>
    public const int KeptKeyBytes = 1_024;

    /// <summary>Why a record of these sizes is not taken over whole; <see cref="RejectReason.None"/> when it is.</summary>
    public static RejectReason Judge(int key, int value, int headers) =>
        headers > MaxHeaderBytes ? RejectReason.HeadersTooLarge
        : (long)key + value + headers > MaxBytes ? RejectReason.TooLarge
        : RejectReason.None;
}
