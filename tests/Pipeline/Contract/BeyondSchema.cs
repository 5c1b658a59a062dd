using Streaming.Contract.Records;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>Reasons for which the decoder rejects what a JSON Schema takes, since a schema cannot say them.</summary>
internal static class BeyondSchema
{
    /// <summary>Of a value of any length and at any time.</summary>
    public static IReadOnlyList<RejectReason> Always { get; } =
    [
        RejectReason.AtInvalid, // a text of the right form that is no date
        RejectReason.AtTooEarly, // input.earliest is a rule
        RejectReason.IdInvalid, // which characters an id may have
        RejectReason.FromMissing, // fields that depend on each other: a member merged with itself
    ];

    /// <summary>Those, and of large values and late times.</summary>
    public static IReadOnlyList<RejectReason> WithSizesAndTimes { get; } =
    [
        .. Always,
        RejectReason.AtInFuture, // the clock is not in the schema
        RejectReason.AtLooksLikeSeconds, // the same number of milliseconds is a time of 1970
        RejectReason.AmountInvalid, // digits before and after the point together
        RejectReason.TooLarge, // bytes, where a schema counts characters
    ];
}
