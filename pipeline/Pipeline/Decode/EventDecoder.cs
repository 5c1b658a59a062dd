using System.Text;
using System.Text.Unicode;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Pipeline.Sources;

namespace Streaming.Pipeline.Decode;

/// <summary>Turns a record's bytes into an event of the contract, or says why not. Never throws for what a producer sent.</summary>
/// <remarks>
/// The verdict depends on the record alone, so reading it again gives the same one. What is wrong with the bytes comes before what is
/// wrong with the event; then a missing or unknown kind; then the first faulty field; then what is missing. A field that is null or an
/// empty text counts as absent. One per shard, not thread-safe; allocates nothing once warm.
/// </remarks>
public sealed class EventDecoder
{
    /// <summary>The largest value, in bytes.</summary>
    public const int MaxValueBytes = 64 * 1024;

    // An envelope is read twice, its data included; unescaping never makes a text longer.
    private readonly JsonScanner scanner = new((2 * MaxValueBytes) + CloudAttributes.MaxKept);
    private readonly CloudAttributes cloud = new();
    private readonly FieldReader fields;
    private string about = "";

    /// <summary>A decoder with buffers of its own, about 140 KB.</summary>
    public EventDecoder() => fields = new FieldReader(scanner);

    /// <summary>Name of the field the last rejection is about, empty when it is about none.</summary>
    /// <remarks>Read it before the record's bytes are released. At most 64 characters; makes a string for a key met twice.</remarks>
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
    /// <returns><see cref="RejectReason.None"/> on success.</returns>
    public RejectReason Decode(in InputRecord record, MemberEvent into)
    {
        into.Reset();
        cloud.Reset();
        scanner.Begin();
        scanner.Scan(record.Buffer, record.ValueStart, Math.Max(record.ValueLength, 0));
        about = "";
        if (record.ValueLength <= 0) return RejectReason.EmptyValue;
        if (record.ValueLength > MaxValueBytes) return RejectReason.TooLarge;
        if (!Utf8.IsValid(record.Value)) return RejectReason.NotUtf8;
        if (record.HeadersLength > 0)
        {
            var headers = cloud.ReadHeaders(record.Headers, scanner, out var header);
            if (headers != RejectReason.None) return Reject(headers, "ce_" + header);
        }

        fields.Start(into, record.Topic);
        var read = cloud.Structured ? ReadEnvelope(record, into) : ReadEvent(record, into);
        if (read != RejectReason.None) return read;
        FillFromCloud(into);
        return Judge(record, into);
    }

    private RejectReason ReadEvent(in InputRecord record, MemberEvent into)
    {
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        fields.ReadObject();
        if (!scanner.Finish()) return scanner.Error;
        return fields.SawSpecVersion ? ReadEnvelope(record, into) : RejectReason.None;
    }

    private RejectReason ReadEnvelope(in InputRecord record, MemberEvent into)
    {
        into.Reset();
        cloud.Reset();
        scanner.Begin();
        scanner.Scan(record.Buffer, record.ValueStart, record.ValueLength);
        fields.Start(into, record.Topic);
        if (scanner.Peek() is not JsonType.Object) return NotObject();
        var data = -1;
        scanner.Enter(out var envelope);
        while (scanner.NextKey(ref envelope, out var key, out _))
        {
            if (CloudAttributes.Find(key.Span) is { } attribute) fields.ReadText(attribute, CloudAttributes.Max, ref cloud.Slot(attribute));
            else if (key.Span.SequenceEqual("data"u8) && scanner.Peek() == JsonType.Object) data = SkipFrom(scanner.Position);
            else scanner.Skip();
        }

        if (!scanner.Finish()) return scanner.Error;
        if (data < 0) return Reject(RejectReason.DataMissing, "data");
        scanner.Scan(record.Buffer, data, record.ValueStart + record.ValueLength - data);
        fields.ReadObject();
        return scanner.Error;
    }

    private int SkipFrom(int position)
    {
        scanner.Skip();
        return position;
    }

    private void FillFromCloud(MemberEvent into)
    {
        into.Source = cloud.Source;
        if (into.Id.IsEmpty && !cloud.Id.IsEmpty) fields.Store(Field.Id, cloud.Id);
        if (into.Member.IsEmpty && !cloud.Subject.IsEmpty) fields.Store(Field.Member, cloud.Subject);
        if (!fields.Saw(Field.At) && !cloud.Time.IsEmpty) fields.Store(Field.At, cloud.Time);
        if (!fields.Saw(Field.Kind) && !cloud.Type.IsEmpty) fields.StoreKind(cloud.Kind);
    }

    private RejectReason Judge(in InputRecord record, MemberEvent into)
    {
        if (!fields.Saw(Field.Kind)) return Reject(RejectReason.KindMissing, "kind");
        if (fields.KindUnknown) return Reject(RejectReason.KindUnknown, "kind");
        if (fields.Failure != RejectReason.None) return Reject(fields.Failure, fields.FailedField);
        if (into.Id.IsEmpty) return Reject(RejectReason.IdMissing, "id");
        if (into.Member.IsEmpty) return Reject(RejectReason.MemberMissing, "member");
        if (record.KeyLength <= 0) return Reject(RejectReason.KeyMissing, "member");
        if (!record.Key.SequenceEqual(into.Member.Span)) return Reject(RejectReason.KeyMismatch, "member");
        if (!fields.Saw(Field.At)) return Reject(RejectReason.AtMissing, "at");
        var time = Timestamps.Check(into.At, record.Timestamp);
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
