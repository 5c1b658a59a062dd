using System.Globalization;
using Streaming.Contract.Records;
using Streaming.Members.Orders;

namespace Streaming.Contract.Decoding;

/// <summary>The name and the sentence of each reject reason. Thread-safe; allocates nothing.</summary>
public static class RejectReasons
{
    private static readonly (string Name, string Sentence)[] Texts = MakeTexts();

    /// <summary>Every reason but <see cref="RejectReason.None"/>, in the order of their numbers.</summary>
    public static IReadOnlyList<RejectReason> All { get; } =
        Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None).ToArray();

    /// <summary>The reason's stable name in kebab-case, for example <c>not-json</c>.</summary>
    public static string Name(this RejectReason reason) => Texts[(int)reason].Name;

    /// <summary>One sentence for the producer: what was wrong and what would be right.</summary>
    public static string Sentence(this RejectReason reason) => Texts[(int)reason].Sentence;

    private static string Describe(RejectReason reason) => reason switch
    {
        RejectReason.None => "The record is a valid event.",
        RejectReason.EmptyValue => "The record has no value; an event is one JSON object.",
        RejectReason.TooLarge => Say($"The value is larger than {EventDecoder.MaxValueBytes} bytes."),
        RejectReason.NotUtf8 => "The value or a header is not valid UTF-8, or an escape names half of a surrogate pair.",
        RejectReason.NotJson => "The value is not well-formed JSON.",
        RejectReason.NotObject => "The value is JSON but not an object.",
        RejectReason.TooDeep => Say($"Objects and arrays are nested deeper than {JsonScanner.MaxDepth} levels."),
        RejectReason.DuplicateKey => "An object names the same key twice, so which value counts would be a guess.",
        RejectReason.TooMany => Say($"A list is longer than its field allows, or the value holds more than {KeySet.MaxKeys} keys."),
        RejectReason.HeadersTooLarge => Say($"The headers take more than {RecordLimits.MaxHeaderBytes} bytes."),
        RejectReason.KindMissing => "The event has no kind (nor a CloudEvents type).",
        RejectReason.KindUnknown => "The kind (or the last part of the CloudEvents type) is not one of this topic's kinds; kinds are " +
            "lower case and never guessed.",
        RejectReason.IdMissing => "The event has no id (nor a CloudEvents id).",
        RejectReason.IdTooLong => Say($"The id is longer than {FieldTable.MaxId} characters."),
        RejectReason.MemberMissing => "The event names no member (nor a CloudEvents subject).",
        RejectReason.MemberTooLong => Say($"The member id is longer than {Members.Member.MaxIdCharacters} characters."),
        RejectReason.KeyMissing => "The record has no key; the key must be the member id.",
        RejectReason.KeyMismatch => "The record's key and the event's member differ.",
        RejectReason.AtMissing => "The event has no time (field at).",
        RejectReason.AtInvalid => "The time is neither RFC 3339 (with seconds and an offset) nor whole epoch milliseconds.",
        RejectReason.AtTooEarly => "The time lies before the earliest accepted time (input.earliest in the rules; default 2000-01-01).",
        RejectReason.AtInFuture => "The time lies more than one hour after the record's own Kafka timestamp, or after the year 2099.",
        RejectReason.DataMissing => "The CloudEvents envelope carries no JSON object in data.",
        RejectReason.IdInvalid => "An id is . or .., holds a control character, an invisible character or a line end, or is a " +
            "number with a fraction or an exponent.",
        RejectReason.AtLooksLikeSeconds => "The time looks like epoch seconds; epoch milliseconds are expected.",
        RejectReason.AtLooksLikeMicroseconds => "The time looks like epoch microseconds; epoch milliseconds are expected.",
        RejectReason.AtLooksLikeNanoseconds => "The time looks like epoch nanoseconds; epoch milliseconds are expected.",
        RejectReason.EnvelopeVersion => "The specversion of the CloudEvents envelope is not 1.0.",
        RejectReason.EnvelopeIncomplete =>
            "The CloudEvents envelope lacks one of the attributes that it must have: specversion, id, source, type.",
        RejectReason.EnvelopeFormat => "The content type names a CloudEvents format other than application/cloudevents+json.",
        RejectReason.EnvelopeBatch => "A record holds one event; a batch of CloudEvents must be sent as one record for each.",
        RejectReason.DataInvalid => "The data_base64 of the CloudEvents envelope is not base64, or there is data beside it.",
        RejectReason.FieldType => "A field has the wrong JSON type.",
        RejectReason.FieldTooLong => "A text is longer than its field allows.",
        RejectReason.NotSupported => "A field asks for something this version does not support, and the event would mean something " +
            "else without it: a step of a redemption other than confirm, or points spent on a purchase.",
        RejectReason.OrderMissing => "A purchase event needs the order it belongs to.",
        RejectReason.AmountMissing => "A paid or refunded order needs its amount.",
        RejectReason.AmountInvalid => "The amount is not a decimal number with at most four decimals; a difference of at most 10⁻⁹ " +
            "from one is rounded away.",
        RejectReason.AmountNegative => "The amount is negative; the kind says which way the money went.",
        RejectReason.AmountTooLarge => Say($"The amount is above {Money.Max / Money.Unit}."),
        RejectReason.CurrencyMissing => "An amount needs its currency.",
        RejectReason.CurrencyInvalid => "The currency is not three capital letters (ISO 4217).",
        RejectReason.QuantityInvalid => Say($"The quantity is not a whole number from 0 to {FieldTable.MaxQuantity}."),
        RejectReason.RatingRange => "The rating is not a whole number from 1 to 5.",
        RejectReason.ReasonMissing => "An adjustment of points needs its reason.",
        RejectReason.RequestMissing => "A redemption needs a request id, so that a retry redeems once.",
        RejectReason.PointsMissing => "The event needs the field points.",
        RejectReason.PointsInvalid =>
            Say($"The points are not a whole number: 1 to {FieldTable.MaxPoints} to redeem, not 0 and of either sign to adjust."),
        RejectReason.ActionMissing => "An outcome needs the care action it belongs to.",
        RejectReason.ResultMissing => "An outcome needs its result.",
        RejectReason.ResultUnknown => "The result is not delivered, opened, failed or contacted.",
        RejectReason.FromMissing => "The event needs the other member in the field from; it must not be the event's own member.",
        RejectReason.ApproverMissing => "An adjustment of points needs its approver (field approver).",
        RejectReason.TooLate => "The event is older than what the pipeline remembers of orders and requests, so it cannot tell whether " +
            "it applied the event before, and does not apply it.",
        RejectReason.RefundExceedsPaid =>
            "The refund is larger than the unrefunded part of the order; that part is booked as refunded, and the rest counts only " +
            "if an earlier payment is read later.",
        RejectReason.CurrencyMismatch => "The order was paid in another currency; an order has one currency.",
        RejectReason.OrderFull => "The order has more payments and refunds than the pipeline stores for one order " +
            Say($"({OrdersState.MaxMarksOfOrder} hashes)."),
        RejectReason.CurrenciesFull => Say($"The member has paid in {SpendingState.MaxCurrencies} currencies already, ") +
            "and the pipeline keeps sums in no more.",
        RejectReason.Internal => "The pipeline failed on this record because of a mistake of its own, not of the producer; the record " +
            "can be redriven with a corrected version.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static (string, string)[] MakeTexts()
    {
        var texts = new (string, string)[byte.MaxValue + 1];
        foreach (var reason in Enum.GetValues<RejectReason>()) texts[(int)reason] = (Kebab(reason.ToString()), Describe(reason));
        return texts;
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c)
            .ToString()));
}
