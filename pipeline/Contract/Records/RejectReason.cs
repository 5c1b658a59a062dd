namespace Streaming.Contract.Records;

/// <summary>Why a record was rejected, by the decoder or by its member. The number is stored in commits and the name in dead letters: never
/// change either.</summary>
#pragma warning disable CS1591 // each has its name and sentence in RejectReasons
public enum RejectReason : byte
{
    None = 0,

    // the bytes
    EmptyValue = 1, TooLarge = 2, NotUtf8 = 3, NotJson = 4, NotObject = 5, TooDeep = 6, DuplicateKey = 7, TooMany = 8, HeadersTooLarge = 9,

    // what every event needs
    KindMissing = 10, KindUnknown = 11, IdMissing = 12, IdTooLong = 13, MemberMissing = 14, MemberTooLong = 15,
    KeyMissing = 16, KeyMismatch = 17, AtMissing = 18, AtInvalid = 19, AtTooEarly = 20, AtInFuture = 21, DataMissing = 22,
    IdInvalid = 23, AtLooksLikeSeconds = 24, AtLooksLikeMicroseconds = 25, AtLooksLikeNanoseconds = 26,

    // a CloudEvents envelope
    EnvelopeVersion = 27, EnvelopeIncomplete = 28, EnvelopeFormat = 29, EnvelopeBatch = 32, DataInvalid = 33,

    // any field
    FieldType = 30, FieldTooLong = 31, NotSupported = 34,

    // purchases
    OrderMissing = 40, AmountMissing = 41, AmountInvalid = 42, AmountNegative = 43, AmountTooLarge = 44,
    CurrencyMissing = 45, CurrencyInvalid = 46, QuantityInvalid = 47,

    // chats
    RatingRange = 50,

    // members and signals
    ReasonMissing = 59, RequestMissing = 60, PointsMissing = 61, PointsInvalid = 62, ActionMissing = 63, ResultMissing = 64,
    ResultUnknown = 65, FromMissing = 66, // 67 and 68 are reserved (stored commits may hold them): never give them again
    ApproverMissing = 69,

    // rejected by the member; the event itself is valid
    TooLate = 70, RefundExceedsPaid = 71, CurrencyMismatch = 72, OrderFull = 73, CurrenciesFull = 74,

    // this program
    Internal = 250,
}
#pragma warning restore CS1591
