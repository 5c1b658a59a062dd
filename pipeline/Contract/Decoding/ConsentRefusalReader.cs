using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.Contract.Decoding;

/// <summary>Reads withdrawals of consent and reach from a record that became a dead letter, so that they are applied in spite of a fault
/// elsewhere in it.</summary>
/// <remarks>
/// Reads the first 64 KiB until the JSON becomes malformed. Keys may repeat or be in another case; every withdrawal counts. In an envelope
/// it reads the data, in a list each event. An event without a member belongs to the record's key; one that names another member is left
/// out, because either could be right. The event's id is made of the record's value as kept, so that the same record sent again is a
/// duplicate, while a corrected record with its own id is not.
/// </remarks>
internal sealed class ConsentRefusalReader(JsonScanner scanner)
{
    private readonly ListReader lists = new(scanner);
    private readonly List<(Text Text, bool Named, bool Confirmed)> base64Data = []; // data in base64, and what its envelope names
    private bool named, namesKey;
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
        named = namesKey = false;
        base64Data.Clear();
        scanner.Begin(repeatedKeys: true);
        scanner.Scan(record.Buffer, start, Math.Max(length, 0));
        ReadHeaders(record);
        ReadEvents(record, into);
        foreach (var pack in base64Data)
        {
            if (!scanner.ScanBase64(pack.Text)) continue;
            var before = Start((pack.Named, pack.Confirmed), into);
            ReadData(record, into);
            Judge(before, into);
        }

        into.Consent.RemoveAll(static consent => consent.Given || !Utf8.IsValid(consent.Channel.Span));
        into.Reach.RemoveAll(static reach => reach.Given || !Utf8.IsValid(reach.Channel.Span));
        if (into.Consent.Count + into.Reach.Count == 0) return false;
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

    // One event or a list of events; each is judged by the member it names.
    private void ReadEvents(in InputRecord record, MemberEvent into)
    {
        var headers = (named, namesKey);
        switch (scanner.Peek())
        {
            case JsonType.Object:
                var before = Start(headers, into);
                packed = default;
                ReadObject(record, into, nested: false);
                if (!packed.IsEmpty) base64Data.Add((packed, named, namesKey));
                Judge(before, into);
                break;
            case JsonType.Array:
                scanner.Enter(out var scope);
                while (scanner.NextElement(ref scope)) ReadEvents(record, into);
                break;
            default:
                scanner.Skip();
                break;
        }

        (named, namesKey) = headers;
    }

    // What an envelope holds: one object, or objects in a list.
    private void ReadData(in InputRecord record, MemberEvent into)
    {
        switch (scanner.Peek())
        {
            case JsonType.Object:
                ReadObject(record, into, nested: true);
                break;
            case JsonType.Array:
                scanner.Enter(out var scope);
                while (scanner.NextElement(ref scope)) ReadData(record, into);
                break;
            default:
                scanner.Skip();
                break;
        }
    }

    private void ReadObject(in InputRecord record, MemberEvent into, bool nested)
    {
        scanner.Enter(out var scope);
        while (scanner.NextKey(ref scope, out var key, out _))
        {
            var type = scanner.Peek();
            if (ListReader.Refusing(key.Span, record.Topic) is { } spec) lists.ReadConsent(spec, into);
            else if (key.Span.SequenceEqual("data"u8) && !nested) ReadData(record, into);
            else if (key.Span.SequenceEqual("data_base64"u8) && type == JsonType.String && !nested) scanner.String(out packed);
            else if (!(key.Span.SequenceEqual("member"u8) || (key.Span.SequenceEqual("subject"u8) && !nested))) scanner.Skip();
            else if (type == JsonType.String && scanner.String(out var name)) Hear(name.Span, record);
            else if (type == JsonType.Number && scanner.Number(out var digits)) Hear(digits.Span, record);
            else scanner.Skip();
        }
    }

    private (int Consent, int Reach) Start((bool Named, bool Confirmed) names, MemberEvent into)
    {
        (named, namesKey) = names;
        return (into.Consent.Count, into.Reach.Count);
    }

    // What was read since is left out when it is another member's.
    private void Judge((int Consent, int Reach) before, MemberEvent into)
    {
        if (!named || namesKey) return;
        into.Consent.RemoveRange(before.Consent, into.Consent.Count - before.Consent);
        into.Reach.RemoveRange(before.Reach, into.Reach.Count - before.Reach);
    }

    private void Hear(ReadOnlySpan<byte> name, in InputRecord record)
    {
        named |= !name.IsEmpty;
        namesKey |= name.SequenceEqual(record.Key);
    }

    private Text IdOf(in InputRecord record)
    {
        Span<byte> id = stackalloc byte["refusal-".Length + 16];
        "refusal-"u8.CopyTo(id);
        StableHash.Of(record.Value).TryFormat(id["refusal-".Length..], out _, "x16", CultureInfo.InvariantCulture);
        return scanner.Keep(id);
    }
}
