using System.Text.Unicode;
using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Contract.Decoding;

/// <summary>Turns a record's bytes into an event of the contract, or says why not. Never throws for what a producer sent.</summary>
/// <remarks>
/// The verdict depends on the record and the rules' <see cref="InputRules"/> alone, so reading it again gives the same one. Faults are
/// reported in this order: the bytes, then a missing or unknown kind, then the first faulty field, then a missing field. A field that is
/// null, or an empty text where a text may stand, counts as absent. One per shard, not thread-safe; allocates
/// nothing once warm.
/// </remarks>
public sealed class EventDecoder
{
    // one day: how far the time of a consent refusal may lie ahead of its record's timestamp
    private const long MaxClockError = 86_400_000;

    /// <summary>The largest value, in bytes.</summary>
    public const int MaxValueBytes = 64 * 1024;

    // An envelope is read twice, its data included, and base64 data is unpacked beside it; unescaping never makes a text longer.
    private readonly JsonScanner scanner = new((3 * MaxValueBytes) + CloudAttributes.MaxKeptBytes);
    private readonly CloudAttributes cloud = new();
    private readonly FieldReader fields;
    private readonly ConsentRefusalReader refusals;
    private string about = "";
    private int start, length;

    /// <summary>A decoder with buffers of its own, about 210 KB.</summary>
    public EventDecoder()
    {
        fields = new FieldReader(scanner);
        refusals = new ConsentRefusalReader(scanner);
    }

    /// <summary>Name of the field the last rejection is about, empty when it is about none.</summary>
    /// <remarks>Read it before the record's bytes are released. At most 64 characters; allocates a string when a key was given
    /// twice.</remarks>
    public string LastField
    {
        get
        {
            if (scanner.ErrorKey.IsEmpty) return about;
            var key = scanner.ErrorKey.ToString();
            return key.Length <= 64 ? key : key[..64];
        }
    }

    /// <summary>Decodes one record.</summary>
    /// <param name="record">The record; its bytes stay borrowed by <paramref name="into"/>.</param>
    /// <param name="into">Filled on success; valid until the next call. On a rejection its content means nothing.</param>
    /// <param name="earliest">The earliest time that is taken, epoch milliseconds.</param>
    /// <returns><see cref="RejectReason.None"/> on success.</returns>
    public RejectReason Decode(in InputRecord record, MemberEvent into, long earliest = InputRules.Year2000)
    {
        into.Reset();
        cloud.Reset();
        Locate(record);
        scanner.Begin();
        scanner.Scan(record.Buffer, start, length);
        fields.Start(into, record.Topic);
        about = "";
        if (length <= 0) return RejectReason.EmptyValue;
        if (record.ValueLength > MaxValueBytes) return RejectReason.TooLarge;
        if (!Utf8.IsValid(record.Value)) return RejectReason.NotUtf8;
        if (record.HeadersLength > 0)
        {
            var headers = cloud.ReadHeaders(record.Headers, scanner, out var header);
            if (headers != RejectReason.None) return Reject(headers, header);
        }

        var read = cloud.Mode switch
        {
            EnvelopeMode.None => ReadEvent(record, into),
            EnvelopeMode.Binary => ReadData(record, into),
            _ => ReadEnvelope(record, into),
        };
        if (read != RejectReason.None) return read;
        if (cloud.Mode != EnvelopeMode.None) TakeEnvelope(record, into);
        return Judge(record, into, earliest);
    }

    /// <summary>Reads the withdrawals of consent in a rejected record, as far as it can be read. They are applied whatever else is wrong
    /// with the record.</summary>
    /// <param name="record">The record of the last <see cref="Decode"/>, whose <see cref="LastField"/>
    /// was looked at before; or one this program failed on.</param>
    /// <param name="into">Becomes a consent event that refuses what the record refuses and says nothing else.</param>
    /// <param name="earliest">The earliest time that is taken, epoch milliseconds.</param>
    /// <returns>False when the record withdraws no consent, or its member is not known.</returns>
    public bool ReadRefusals(in InputRecord record, MemberEvent into, long earliest = InputRules.Year2000)
    {
        if (!FieldTable.Of(Field.Consent).IsOn(record.Topic) || !Ids.IsMember(record.Key)) return false;
        var decoded = record.Refused != RejectReason.Internal;
        if (!decoded) Locate(record);
        // The event's own time counts, so that a wrong broker clock cannot move the withdrawal before an earlier consent; but it may lie at
        // most a day ahead of the record.
        var at = !decoded || !fields.Saw(Field.At) || into.At < earliest ? record.Timestamp
            : record.Timestamp < earliest ? into.At
            : Math.Min(into.At, record.Timestamp + MaxClockError);
        if (!refusals.Read(record, start, Math.Min(length, MaxValueBytes), into)) return false;
        into.At = Math.Clamp(at, earliest, Timestamps.End - 1);
        return true;
    }

    private void Locate(in InputRecord record)
    {
        var mark = ByteOrderMark.Of(record.Value);
        start = record.ValueStart + mark;
        length = Math.Max(record.ValueLength, 0) - mark;
    }

    private RejectReason ReadEvent(in InputRecord record, MemberEvent into)
    {
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        fields.ReadObject();
        if (!scanner.Finish()) return scanner.Error;
        return fields.SawSpecVersion ? ReadEnvelope(record, into) : RejectReason.None;
    }

    private RejectReason ReadData(in InputRecord record, MemberEvent into)
    {
        var envelope = cloud.Check(out var attribute);
        fields.Start(into, record.Topic, isPayload: true);
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        fields.ReadObject();
        if (!scanner.Finish()) return scanner.Error;
        return envelope == RejectReason.None ? RejectReason.None : Reject(envelope, attribute);
    }

    private RejectReason ReadEnvelope(in InputRecord record, MemberEvent into)
    {
        into.Reset();
        cloud.Reset(EnvelopeMode.Structured);
        scanner.Begin();
        scanner.Scan(record.Buffer, start, length);
        fields.Start(into, record.Topic, isPayload: true);
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        var data = -1;
        Text packed = default;
        scanner.Enter(out var envelope);
        while (scanner.NextKey(ref envelope, out var key, out _))
        {
            if (CloudAttributes.Find(key.Span) is >= 0 and var attribute)
                fields.ReadAttribute(CloudAttributes.Name(attribute), ref cloud.Slot(attribute));
            else if (key.Span.SequenceEqual("data"u8) && scanner.Peek() == JsonType.Object) data = SkipFrom(scanner.Position);
            else if (key.Span.SequenceEqual("data_base64"u8) && scanner.Peek() == JsonType.String) scanner.String(out packed);
            else scanner.Skip();
        }

        if (!scanner.Finish()) return scanner.Error;
        if (fields.Failure != RejectReason.None) return Reject(fields.Failure, fields.FailedField);
        var complete = cloud.Check(out var missing);
        if (complete != RejectReason.None) return Reject(complete, missing);
        if (packed.IsEmpty) return data < 0 ? Reject(RejectReason.DataMissing, "data") : ReadPart(record, data);
        if (data >= 0 || !scanner.ScanBase64(packed)) return Reject(RejectReason.DataInvalid, "data_base64");
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        fields.ReadObject();
        return scanner.Finish() ? RejectReason.None : scanner.Error;
    }

    private RejectReason ReadPart(in InputRecord record, int from)
    {
        scanner.Scan(record.Buffer, from, start + length - from);
        fields.ReadObject();
        return scanner.Error;
    }

    private int SkipFrom(int position)
    {
        scanner.Skip();
        return position;
    }

    // The envelope says which event it is and when it happened. The kind is the last part of the type; if that is no kind of the topic, it
    // is the kind in the data. The member is the record's key, and at least one of the names in the envelope must equal it.
    private void TakeEnvelope(in InputRecord record, MemberEvent into)
    {
        into.Source = cloud.Source;
        fields.Store(Field.Id, cloud.Id);
        if (cloud.Time.IsEmpty) fields.StoreTime(record.Timestamp);
        else fields.Store(Field.At, cloud.Time);
        var own = KindTable.Find(cloud.Kind, record.Topic) == EventKind.None && !fields.PayloadKind.IsEmpty;
        fields.StoreKind(own ? fields.PayloadKind.Span : cloud.Kind);
        ReadOnlySpan<Text> names = [cloud.Member, cloud.Subject, fields.PayloadMember];
        Text member = default;
        foreach (var name in names)
        {
            if (member.IsEmpty || name.Span.SequenceEqual(record.Key)) member = name;
        }

        if (!member.IsEmpty) fields.Store(Field.Member, member);
    }

    private RejectReason Judge(in InputRecord record, MemberEvent into, long earliest)
    {
        if (!fields.Saw(Field.Kind)) return Reject(RejectReason.KindMissing, "kind");
        if (fields.KindUnknown) return Reject(RejectReason.KindUnknown, "kind");
        if (fields.Failure != RejectReason.None) return Reject(fields.Failure, fields.FailedField);
        if (into.Id.IsEmpty) return Reject(RejectReason.IdMissing, "id");
        if (into.Member.IsEmpty) return Reject(RejectReason.MemberMissing, "member");
        if (record.KeyLength <= 0) return Reject(RejectReason.KeyMissing, "member");
        if (!record.Key.SequenceEqual(into.Member.Span)) return Reject(RejectReason.KeyMismatch, "member");
        if (!fields.Saw(Field.At)) return Reject(RejectReason.AtMissing, "at");
        var time = Timestamps.Check(into.At, record.Timestamp, earliest);
        if (time != RejectReason.None) return Reject(time, "at");
        var needs = KindNeeds.Check(into, fields, out var missing);
        return needs == RejectReason.None ? RejectReason.None : Reject(needs, missing);
    }

    private RejectReason NotObject()
    {
        scanner.Skip();
        return scanner.Finish() ? RejectReason.NotObject : scanner.Error;
    }

    private RejectReason Reject(RejectReason reason, string what)
    {
        about = what;
        return reason;
    }
}
