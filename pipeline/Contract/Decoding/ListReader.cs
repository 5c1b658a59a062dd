using System.Text;
using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Profiles;

namespace Streaming.Contract.Decoding;

/// <summary>Reads the fields that hold several values: items, coupons, channels, consent, attributes, tags.</summary>
/// <remarks>A faulty attribute, tag or channel is left out alone; a fault in an item or coupon rejects the event.</remarks>
internal sealed class ListReader(JsonScanner scanner)
{
    private static readonly FieldSpec[] ConsentFields = [FieldTable.Of(Field.Consent), FieldTable.Of(Field.Reach)];

    /// <summary>Reads the array or object that comes next, to its end even past a fault.</summary>
    /// <returns><see cref="RejectReason.None"/>, or the first fault and the <paramref name="field"/> it is in.</returns>
    public RejectReason Read(FieldSpec spec, MemberEvent into, out string field)
    {
        field = spec.Name;
        var fault = RejectReason.None;
        var count = 0;
        scanner.Enter(out var scope);
        if (spec.Type is FieldType.Items or FieldType.Texts)
        {
            while (scanner.NextElement(ref scope))
            {
                if (++count > spec.MaxCount) First(ref fault, Refuse(RejectReason.TooMany));
                else if (spec.Field == Field.Channels) First(ref fault, Plain(spec, into.Channels));
                else if (fault != RejectReason.None) scanner.Skip();
                else if (spec.Type == FieldType.Items) fault = Item(spec, into, ref field);
                else fault = Coupon(spec, into.Coupons);
            }
        }
        else
        {
            while (scanner.NextKey(ref scope, out var key, out _))
            {
                if (++count > spec.MaxCount) First(ref fault, Refuse(RejectReason.TooMany));
                else if (key.IsEmpty || Characters.Exceed(key.Span, 64)) First(ref fault, Refuse(RejectReason.FieldTooLong));
                else First(ref fault, spec.Type == FieldType.Tags ? Tag(key, into) : Attribute(spec, key, into));
            }
        }

        return fault;
    }

    /// <summary>Reads what comes next as consent or reach: an object of answers by channel, or one answer for all of them.</summary>
    /// <remarks>
    /// Every withdrawal is taken. A withdrawal that names no channel, and an unclear answer that is no object, apply to every channel. A
    /// consent needs its channel, and is left out beyond the field's limit.
    /// </remarks>
    public void ReadConsent(FieldSpec spec, MemberEvent into)
    {
        var isReach = spec.Type == FieldType.Reach;
        var unclear = FieldTable.Dropped(spec.Field);
        var said = isReach ? into.Reach : into.Consent;
        if (scanner.Peek() != JsonType.Object)
        {
            var answer = Read();
            if (answer is Answer.Yes or Answer.Unclear) into.Warnings |= unclear;
            if (answer is Answer.No or Answer.Unclear) said.Add(new ChannelAnswer(ChannelAnswers.Every, false));
            return;
        }

        scanner.Enter(out var scope);
        while (scanner.NextKey(ref scope, out var key, out _))
        {
            var answer = Read();
            var channel = key.Trim();
            if (channel.IsEmpty || answer == Answer.Unclear) into.Warnings |= unclear;
            if (channel.Length > TextTable.MaxText || Characters.Exceed(channel.Span, spec.Max))
                into.Warnings |= FactWarnings.ChannelUnknown;
            else if (answer is Answer.No or Answer.Unclear)
                said.Add(new ChannelAnswer(channel.IsEmpty ? ChannelAnswers.Every : channel, false));
            else if (answer == Answer.Yes && (channel.IsEmpty || channel == ChannelAnswers.Every || said.Count >= spec.MaxCount))
                into.Warnings |= unclear;
            else if (answer == Answer.Yes)
                said.Add(new ChannelAnswer(channel, true));
        }

        Answer Read() => isReach ? ConsentAnswer.ReadReach(scanner) : ConsentAnswer.Read(scanner);
    }

    /// <summary>The field by which channels can be refused on a topic that has this name in any case; null for any other name.</summary>
    public static FieldSpec? Refusing(ReadOnlySpan<byte> key, Topic topic)
    {
        foreach (var spec in ConsentFields)
        {
            if (Ascii.EqualsIgnoreCase(key, spec.Utf8)) return spec.IsOn(topic) ? spec : null;
        }

        return null;
    }

    /// <summary>Reads what comes next as consent or reach whose field is named in another case: refusals count, a yes does not.</summary>
    public void ReadRefusals(FieldSpec spec, MemberEvent into)
    {
        var said = spec.Type == FieldType.Reach ? into.Reach : into.Consent;
        var before = said.Count;
        into.Warnings |= FieldTable.Dropped(spec.Field);
        ReadConsent(spec, into);
        for (var i = said.Count - 1; i >= before; i--)
        {
            if (said[i].Given) said.RemoveAt(i);
        }
    }

    private static void First(ref RejectReason fault, RejectReason next)
    {
        if (fault == RejectReason.None) fault = next;
    }

    private RejectReason Coupon(FieldSpec spec, List<Text> to)
    {
        var fault = ReadName(scanner.Peek(), spec.Max, isId: true, out var text);
        if (fault == RejectReason.None && !text.IsEmpty) to.Add(text);
        return fault;
    }

    private RejectReason Plain(FieldSpec spec, List<Text> to)
    {
        if (scanner.Peek() != JsonType.String) return Refuse(RejectReason.FieldType);
        if (!scanner.String(out var text)) return RejectReason.None;
        if (Characters.Exceed(text.Span, spec.Max)) return RejectReason.FieldTooLong;
        if (!text.IsEmpty) to.Add(text);
        return RejectReason.None;
    }

    // Null removes an attribute: it is stored as an empty text.
    private RejectReason Attribute(FieldSpec spec, Text name, MemberEvent into)
    {
        Text value;
        switch (scanner.Peek())
        {
            case JsonType.String:
                if (!scanner.String(out value)) return RejectReason.None;
                break;
            case JsonType.Number:
                if (!scanner.Number(out value)) return RejectReason.None;
                break;
            case JsonType.Object or JsonType.Array or JsonType.Invalid:
                return Refuse(RejectReason.FieldType);
            case var literal:
                if (!scanner.Literal(literal)) return RejectReason.None;
                value = literal switch { JsonType.True => True, JsonType.False => False, _ => default };
                break;
        }

        if (Characters.Exceed(value.Span, spec.Max)) return RejectReason.FieldTooLong;
        into.Attributes.Add(new MemberAttribute(name, value));
        return RejectReason.None;
    }

    // A tag whose end lies in 2100 or later has no end.
    private RejectReason Tag(Text name, MemberEvent into)
    {
        long until;
        switch (scanner.Peek())
        {
            case JsonType.String or JsonType.Number:
                var text = default(Text);
                if (!(scanner.Peek() == JsonType.String ? scanner.String(out text) : scanner.Number(out text))) return RejectReason.None;
                if (text.IsEmpty || Timestamps.Read(text.Span, out until) != RejectReason.None) return RejectReason.AtInvalid;
                until = until >= Timestamps.End ? MemberTag.Endless : Math.Max(until, 0);
                break;
            case JsonType.Object or JsonType.Array or JsonType.Invalid:
                return Refuse(RejectReason.FieldType);
            case var literal:
                if (!scanner.Literal(literal)) return RejectReason.None;
                until = literal == JsonType.True ? MemberTag.Endless : MemberTag.Gone;
                break;
        }

        into.Tags.Add(new MemberTag(name, until));
        into.Warnings |= FactWarnings.TagsUnused;
        return RejectReason.None;
    }

    private RejectReason Item(FieldSpec spec, MemberEvent into, ref string field)
    {
        if (scanner.Peek() != JsonType.Object) return Refuse(RejectReason.FieldType);
        Text sku = default, category = default;
        long quantity = 1, price = 0;
        var fault = RejectReason.None;
        scanner.Enter(out var scope);
        while (scanner.NextKey(ref scope, out var key, out _))
        {
            var type = scanner.Peek();
            var name = ItemFields.Find(key.Span);
            if (fault != RejectReason.None || name is null || type == JsonType.Null)
            {
                scanner.Skip();
                continue;
            }

            field = name;
            fault = name switch
            {
                ItemFields.Quantity => ReadQuantity(type, out quantity),
                ItemFields.Price => ReadPrice(type, out price),
                ItemFields.Sku => ReadName(type, spec.Max, isId: true, out sku),
                _ => ReadName(type, spec.Max, isId: false, out category),
            };
        }

        if (fault == RejectReason.None) into.Items.Add(new PurchaseItem(sku, category, quantity, price));
        return fault;
    }

    private RejectReason ReadName(JsonType type, int max, bool isId, out Text text)
    {
        text = default;
        if (type is not (JsonType.String or JsonType.Number)) return Refuse(RejectReason.FieldType);
        if (!(type == JsonType.String ? scanner.String(out text) : scanner.Number(out text)) || text.IsEmpty) return RejectReason.None;
        if (Characters.Exceed(text.Span, max)) return RejectReason.FieldTooLong;
        var whole = type == JsonType.String || Integers.IsWhole(text.Span);
        if (isId) return whole && Ids.IsId(text.Span) ? RejectReason.None : RejectReason.IdInvalid;
        return whole ? RejectReason.None : RejectReason.FieldType;
    }

    private RejectReason ReadQuantity(JsonType type, out long quantity)
    {
        quantity = 0;
        if (type != JsonType.Number) return Refuse(RejectReason.FieldType);
        if (!scanner.Number(out var text)) return RejectReason.None;
        return Integers.TryParse(text.Span, FieldTable.MaxQuantity, out quantity) && quantity >= 0 ? RejectReason.None
            : RejectReason.QuantityInvalid;
    }

    private RejectReason ReadPrice(JsonType type, out long price)
    {
        price = 0;
        Text text;
        if (type == JsonType.Number) scanner.Number(out text);
        else if (type == JsonType.String) scanner.String(out text);
        else return Refuse(RejectReason.FieldType);
        return scanner.Error == RejectReason.None && !text.IsEmpty ? Money.Parse(text.Span, out price) : RejectReason.None;
    }

    private RejectReason Refuse(RejectReason reason)
    {
        scanner.Skip();
        return reason;
    }

    private static readonly Text True = Text.From("true"), False = Text.From("false");
}
