using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.Contract.Decoding;

/// <summary>Finds refusals of consent in a record that became a dead letter, so that a fault elsewhere in it does not undo them.</summary>
/// <remarks>
/// Reads as far as the JSON holds, in the first 64 KiB, over keys that come twice or in another case: then every refusal counts. Of an
/// envelope, its data. Whoever names no member means the record's key; whoever names another one is not heard, since nobody knows which
/// is right. The event's id is made of the record's value, so that the same record sent again is a duplicate, while its mended form,
/// under its own id, is not.
/// </remarks>
internal sealed class RefusalReader(JsonScanner scanner)
{
    private static readonly FieldSpec Consent = FieldTable.Of(Field.Consent);
    private readonly ListReader lists = new(scanner);
    private bool named, confirmed;
    private Text packed;

    /// <summary>Makes an event of the record's refusals.</summary>
    /// <param name="record">The record; its key is a member's id.</param>
    /// <param name="start">Where to begin in the record's buffer.</param>
    /// <param name="length">Bytes to read.</param>
    /// <param name="into">Filled but for its time.</param>
    /// <returns>False when there are none.</returns>
    public bool Read(in InputRecord record, int start, int length, MemberEvent into)
    {
        into.Reset();
        named = confirmed = false;
        scanner.Begin(repeatedKeys: true);
        scanner.Scan(record.Buffer, start, Math.Max(length, 0));
        ReadHeaders(record);
        packed = default;
        if (scanner.Peek() == JsonType.Object) ReadObject(record, into, nested: false);
        if (!packed.IsEmpty && scanner.ScanBase64(packed) && scanner.Peek() == JsonType.Object) ReadObject(record, into, nested: true);
        into.Consent.RemoveAll(static consent => consent.Given || !Utf8.IsValid(consent.Channel.Span));
        if (into.Consent.Count == 0 || (named && !confirmed)) return false;
        into.Kind = EventKind.Consent;
        into.Member = new Text(record.Buffer, record.KeyStart, record.KeyLength);
        into.Id = IdOf(record);
        into.Warnings = FactWarnings.RefusalOfRejected;
        return true;
    }

    private void ReadHeaders(in InputRecord record)
    {
        var headers = record.Headers;
        while (headers.Next())
        {
            if (Ascii.EqualsIgnoreCase(headers.Name, "ce_subject"u8) || Ascii.EqualsIgnoreCase(headers.Name, "ce_member"u8))
                Hear(headers.Value, record);
        }
    }

    private void ReadObject(in InputRecord record, MemberEvent into, bool nested)
    {
        scanner.Enter(out var scope);
        while (scanner.NextKey(ref scope, out var key, out _))
        {
            var type = scanner.Peek();
            if (ListReader.IsConsent(key.Span)) lists.ReadConsent(Consent, into);
            else if (key.Span.SequenceEqual("data"u8) && type == JsonType.Object && !nested) ReadObject(record, into, nested: true);
            else if (key.Span.SequenceEqual("data_base64"u8) && type == JsonType.String && !nested) scanner.String(out packed);
            else if (!(key.Span.SequenceEqual("member"u8) || (key.Span.SequenceEqual("subject"u8) && !nested))) scanner.Skip();
            else if (type == JsonType.String && scanner.String(out var name)) Hear(name.Span, record);
            else if (type == JsonType.Number && scanner.Number(out var digits)) Hear(digits.Span, record);
            else scanner.Skip();
        }
    }

    private void Hear(ReadOnlySpan<byte> name, in InputRecord record)
    {
        named |= !name.IsEmpty;
        confirmed |= name.SequenceEqual(record.Key);
    }

    private Text IdOf(in InputRecord record)
    {
        Span<byte> id = stackalloc byte["refusal-".Length + 16];
        "refusal-"u8.CopyTo(id);
        StableHash.Of(record.Value).TryFormat(id["refusal-".Length..], out _, "x16", CultureInfo.InvariantCulture);
        return scanner.Keep(id);
    }
}
