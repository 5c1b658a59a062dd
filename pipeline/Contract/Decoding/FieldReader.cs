using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Profiles;

namespace Streaming.Contract.Decoding;

/// <summary>Reads the fields of one event from a scanner into a <see cref="MemberEvent"/>; keeps the first fault and continues
/// reading.</summary>
/// <remarks>Reading on makes the verdict independent of the order of keys: malformed JSON further on outweighs a faulty field.</remarks>
internal sealed class FieldReader(JsonScanner scanner)
{
    private readonly ListReader lists = new(scanner);
    private MemberEvent into = new();
    private Topic topic;
    private ulong saw;
    private bool payload;

    /// <summary>The first faulty field's fault, or none.</summary>
    public RejectReason Failure { get; private set; }

    /// <summary>Name of the faulty field.</summary>
    public string FailedField { get; private set; } = "";

    /// <summary>True when the event named a kind that its topic does not have.</summary>
    public bool KindUnknown { get; private set; }

    /// <summary>True when the object had a <c>specversion</c>: it is a CloudEvents envelope.</summary>
    public bool SawSpecVersion { get; private set; }

    /// <summary>The member and the kind that the data of an envelope names; empty for none.</summary>
    public Text PayloadMember { get; private set; }

    /// <inheritdoc cref="PayloadMember"/>
    public Text PayloadKind { get; private set; }

    /// <summary>Begins an event.</summary>
    /// <param name="target">Filled.</param>
    /// <param name="onTopic">Its topic.</param>
    /// <param name="isPayload">
    /// True for the data of an envelope: its <c>id</c> and <c>at</c> are the producer's own, and so may <c>member</c> and <c>kind</c> be,
    /// which are kept in PayloadMember and PayloadKind.
    /// </param>
    public void Start(MemberEvent target, Topic onTopic, bool isPayload = false)
    {
        into = target;
        topic = onTopic;
        payload = isPayload;
        PayloadMember = PayloadKind = default;
        saw = 0;
        Failure = RejectReason.None;
        FailedField = "";
        KindUnknown = false;
        SawSpecVersion = false;
    }

    /// <summary>True when the field had a value: neither absent, null nor an empty text.</summary>
    public bool Saw(Field field) => (saw & (1UL << (int)field)) != 0;

    /// <summary>Reads the object that comes next; a fault of the JSON itself is the scanner's.</summary>
    public void ReadObject()
    {
        scanner.Enter(out var scope);
        while (scanner.NextKey(ref scope, out var key, out var hash))
        {
            if (FieldTable.Find(key.Span, hash, topic) is { } spec) Read(spec);
            else if (ListReader.Refusing(key.Span, topic) is { } refusing) lists.ReadRefusals(refusing, into);
            else
            {
                SawSpecVersion |= key.Span.SequenceEqual("specversion"u8);
                scanner.Skip();
            }
        }
    }

    /// <summary>Reads an attribute of an envelope: a text, or a whole number as its digits.</summary>
    public void ReadAttribute(string name, ref Text slot)
    {
        if (!TryReadName(out slot)) Fail(RejectReason.FieldType, name);
    }

    /// <summary>Takes the record's own time for an event that names none.</summary>
    public void StoreTime(long at)
    {
        saw |= 1UL << (int)Field.At;
        into.At = at;
    }

    /// <summary>Takes a value that came as text: checks it and puts it into the event.</summary>
    public void Store(Field field, Text text) => Store(FieldTable.Of(field), text);

    /// <summary>Takes a kind by its name.</summary>
    public void StoreKind(ReadOnlySpan<byte> name)
    {
        saw |= 1UL << (int)Field.Kind;
        into.Kind = KindTable.Find(name, topic);
        KindUnknown = into.Kind == EventKind.None;
    }

    private void Read(FieldSpec spec)
    {
        if (payload && (spec.Field is Field.Id or Field.At or Field.Member or Field.Kind))
        {
            if (!TryReadName(out var text)) return;
            if (spec.Field == Field.Member) PayloadMember = text;
            if (spec.Field == Field.Kind) PayloadKind = text;
            return;
        }

        var type = scanner.Peek();
        if (type == JsonType.Null)
        {
            scanner.Literal(type);
            return;
        }

        switch (spec.Type, type)
        {
            case (FieldType.Items or FieldType.Texts, JsonType.Array):
            case (FieldType.Attributes or FieldType.Tags, JsonType.Object):
                Keep(lists.Read(spec, into, out var inner), spec, inner);
                break;
            case (FieldType.Consent or FieldType.Reach, _):
                lists.ReadConsent(spec, into);
                break;
            case (FieldType.Text or FieldType.Id or FieldType.Member, JsonType.Number):
                if (scanner.Number(out var digits)) Number(spec, digits);
                break;
            case (FieldType.Instant or FieldType.Money or FieldType.Points or FieldType.Rating, JsonType.Number):
                if (scanner.Number(out var number)) Store(spec, number);
                break;
            case (FieldType.Items or FieldType.Texts or FieldType.Attributes or FieldType.Tags or FieldType.Points or FieldType.Rating, _):
            case (_, not JsonType.String):
                if (scanner.Skip()) Keep(RejectReason.FieldType, spec);
                saw |= 1UL << (int)spec.Field;
                break;
            default:
                if (scanner.String(out var text) && !text.IsEmpty) Store(spec, text);
                break;
        }
    }

    private void Store(FieldSpec spec, Text text)
    {
        saw |= 1UL << (int)spec.Field;
        Keep(Put(spec, text), spec);
    }

    // Null counts as absent. For any value that is no name the scanner skips it and the method returns false.
    private bool TryReadName(out Text text)
    {
        text = default;
        switch (scanner.Peek())
        {
            case JsonType.String:
                scanner.String(out text);
                return true;
            case JsonType.Number:
                if (!scanner.Number(out text) || Integers.IsWhole(text.Span)) return true;
                text = default;
                return false;
            case JsonType.Null:
                return scanner.Skip();
            default:
                scanner.Skip();
                return false;
        }
    }

    private void Number(FieldSpec spec, Text digits)
    {
        if (Integers.IsWhole(digits.Span)) Store(spec, digits);
        else Keep(spec.Type == FieldType.Text ? RejectReason.FieldType : RejectReason.IdInvalid, spec);
    }

    private RejectReason Put(FieldSpec spec, Text text)
    {
        var bytes = text.Span;
        switch (spec.Type)
        {
            case FieldType.Instant: return Timestamps.Read(bytes, out into.At);
            case FieldType.Money: return Money.Parse(bytes, out spec.Field == Field.Cost ? ref into.Cost : ref into.Amount);
            case FieldType.Points:
                if (!Integers.TryParse(bytes, FieldTable.MaxPoints, out into.Points)) return RejectReason.PointsInvalid;
                return topic == Topic.Purchases && into.Points != 0 ? RejectReason.NotSupported : RejectReason.None;
            case FieldType.Step: return bytes.SequenceEqual("confirm"u8) ? RejectReason.None : RejectReason.NotSupported;
            case FieldType.Rating:
                if (!Integers.TryParse(bytes, 5, out var rating) || rating < 1) return RejectReason.RatingRange;
                into.Rating = (byte)rating;
                return RejectReason.None;
            case FieldType.Kind:
                StoreKind(bytes);
                return RejectReason.None;
            case FieldType.Member when Characters.Exceed(bytes, Member.MaxIdCharacters):
                return spec.Field == Field.Member ? RejectReason.MemberTooLong : RejectReason.FieldTooLong;
            case FieldType.Id when Characters.Exceed(bytes, spec.Max):
                return spec.Field == Field.Id ? RejectReason.IdTooLong : RejectReason.FieldTooLong;
            case FieldType.Id or FieldType.Member when !Ids.IsId(bytes): return RejectReason.IdInvalid;
            case FieldType.Text when Characters.Exceed(bytes, spec.Max): return RejectReason.FieldTooLong;
            case FieldType.Currency when bytes.Length != 3
                || bytes.ContainsAnyExceptInRange((byte)'A', (byte)'Z'): return RejectReason.CurrencyInvalid;
            case FieldType.Birthday when !Birthdays.IsValid(bytes):
            case FieldType.Timezone when bytes.Length > spec.Max || Zones.Find(bytes) is null:
                return RejectReason.FieldType;
            case FieldType.Result when !(bytes.SequenceEqual("delivered"u8) || bytes.SequenceEqual("opened"u8) || bytes.SequenceEqual("failed"u8) || bytes.SequenceEqual("contacted"u8)):
                return RejectReason.ResultUnknown;
        }

        Slot(into, spec.Field) = text;
        return RejectReason.None;
    }

    // A faulty profile field is left out with a warning; a fault in any other field rejects the event.
    private void Keep(RejectReason reason, FieldSpec spec, string? inner = null)
    {
        if (reason == RejectReason.None) return;
        var dropped = FieldTable.Dropped(spec.Field);
        into.Warnings |= dropped;
        if (dropped == FactWarnings.None) Fail(reason, inner ?? spec.Name);
    }

    /// <summary>Notes a fault; the first one counts.</summary>
    public void Fail(RejectReason reason, string name)
    {
        if (Failure != RejectReason.None) return;
        Failure = reason;
        FailedField = name;
    }

    private static ref Text Slot(MemberEvent e, Field field)
    {
        switch (field)
        {
            case Field.Id: return ref e.Id;
            case Field.Member: return ref e.Member;
            case Field.Target: return ref e.Target;
            case Field.Category: return ref e.Category;
            case Field.Author: return ref e.Author;
            case Field.Action: return ref e.Action;
            case Field.Order: return ref e.Order;
            case Field.Currency: return ref e.Currency;
            case Field.Team: return ref e.Team;
            case Field.Room: return ref e.Room;
            case Field.Text: return ref e.Body;
            case Field.ReplyTo: return ref e.ReplyTo;
            case Field.Case: return ref e.Case;
            case Field.Birthday: return ref e.Birthday;
            case Field.Timezone: return ref e.Zone;
            case Field.Referrer: return ref e.Referrer;
            case Field.Gift: return ref e.Gift;
            case Field.Request: return ref e.Request;
            case Field.Result: return ref e.Result;
            case Field.Reason: return ref e.Reason;
            case Field.Approver: return ref e.Approver;
            case Field.From: return ref e.From;
            default: throw new ArgumentOutOfRangeException(nameof(field), field, "has no text in an event");
        }
    }
}
