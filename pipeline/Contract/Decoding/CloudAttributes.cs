using System.Text;
using System.Text.Unicode;
using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Members;

namespace Streaming.Contract.Decoding;

/// <summary>How a record holds its event.</summary>
internal enum EnvelopeMode : byte
{
    /// <summary>The value is the event.</summary>
    None,

    /// <summary>The value is the data; headers <c>ce_…</c> are the attributes.</summary>
    Binary,

    /// <summary>The value is the envelope, and holds the data.</summary>
    Structured,
}

/// <summary>The CloudEvents attributes of one message.</summary>
/// <remarks>
/// Binary mode: at least one of the headers <c>ce_specversion</c>, <c>ce_id</c>, <c>ce_source</c>, <c>ce_type</c>. Structured mode: header
/// <c>content-type: application/cloudevents+json</c>, or a value with <c>specversion</c>. Header names and the content type are compared
/// without regard to case.
/// </remarks>
internal sealed class CloudAttributes
{
    /// <summary>The longest attribute, in characters.</summary>
    public const int Max = 256;

    private const int MaxBytes = Max * 4;

    /// <summary>Bytes that <see cref="ReadHeaders"/> keeps at most.</summary>
    public const int MaxKeptBytes = MaxBytes * 7;

    private static readonly string[] Names = ["specversion", "id", "source", "type", "time", "subject", "member"];
    private const int Required = 4; // the first of them
    private static readonly string[] HeaderNames = [.. Names.Select(name => "ce_" + name)];
    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The attributes; empty when not given.</summary>
    public Text SpecVersion, Id, Source, Type, Time, Subject, Member;

    /// <summary>How the record holds its event, as far as is known.</summary>
    public EnvelopeMode Mode { get; private set; }

    /// <summary>Forgets the message before.</summary>
    public void Reset(EnvelopeMode mode = EnvelopeMode.None)
    {
        SpecVersion = Id = Source = Type = Time = Subject = Member = default;
        Mode = mode;
    }

    /// <summary>Reads the headers; the first of a repeated header counts.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what is wrong with <paramref name="name"/>.</returns>
    public RejectReason ReadHeaders(RecordHeaders headers, JsonScanner keep, out string name)
    {
        name = "";
        var sawContentType = false;
        while (headers.Next())
        {
            if (Ascii.EqualsIgnoreCase(headers.Name, "content-type"u8) && !sawContentType)
            {
                sawContentType = true;
                name = "content-type";
                if (ReadContentType(headers.Value) is not RejectReason.None and var format) return format;
            }

            if (headers.Name.Length <= 3 || !Ascii.EqualsIgnoreCase(headers.Name[..3], "ce_"u8)
                || Find(headers.Name[3..]) is not (>= 0 and var attribute))
                continue;
            if (!Slot(attribute).IsEmpty || headers.Value.IsEmpty) continue;
            name = HeaderNames[attribute];
            if (headers.Value.Length > MaxBytes) return RejectReason.FieldTooLong;
            if (!Utf8.IsValid(headers.Value)) return RejectReason.NotUtf8;
            Slot(attribute) = keep.Keep(headers.Value);
        }

        if (Mode == EnvelopeMode.None && !(SpecVersion.IsEmpty && Id.IsEmpty && Source.IsEmpty && Type.IsEmpty)) Mode = EnvelopeMode.Binary;
        return RejectReason.None;
    }

    /// <summary>What an envelope must have.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what is wrong with the attribute <paramref name="name"/>.</returns>
    public RejectReason Check(out string name)
    {
        var names = Mode == EnvelopeMode.Binary ? HeaderNames : Names;
        name = names[0];
        if (!SpecVersion.IsEmpty && !SpecVersion.Span.SequenceEqual("1.0"u8)) return RejectReason.EnvelopeVersion;
        for (var i = 0; i < names.Length; i++)
        {
            name = names[i];
            ref readonly var value = ref Slot(i);
            if (value.IsEmpty && i < Required) return RejectReason.EnvelopeIncomplete;
            if (Characters.Exceed(value.Span, Max)) return RejectReason.FieldTooLong;
        }

        name = names[2];
        return Ids.IsId(Source.Span) ? RejectReason.None : RejectReason.IdInvalid;
    }

    /// <summary>The number of the attribute of that name, in any case; −1 for an attribute that the pipeline does not use.</summary>
    public static int Find(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Utf8Names.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(Utf8Names[i], name)) return i;
        }

        return -1;
    }

    /// <summary>The attribute's name.</summary>
    public static string Name(int attribute) => Names[attribute];

    /// <summary>Where an attribute found by <see cref="Find"/> is kept.</summary>
    public ref Text Slot(int attribute)
    {
        switch (attribute)
        {
            case 0: return ref SpecVersion;
            case 1: return ref Id;
            case 2: return ref Source;
            case 3: return ref Type;
            case 4: return ref Time;
            case 5: return ref Subject;
            default: return ref Member;
        }
    }

    /// <summary>The kind that the type names: what follows its last dot.</summary>
    public ReadOnlySpan<byte> Kind => Type.Span[(Type.Span.LastIndexOf((byte)'.') + 1)..];

    private RejectReason ReadContentType(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)';');
        var type = (end < 0 ? value : value[..end]).Trim(" \t"u8);
        if (!Begins(type, "application/cloudevents"u8)) return RejectReason.None;
        if (Begins(type, "application/cloudevents-batch"u8)) return RejectReason.EnvelopeBatch;
        if (!Ascii.EqualsIgnoreCase(type, "application/cloudevents+json"u8)) return RejectReason.EnvelopeFormat;
        Mode = EnvelopeMode.Structured;
        return RejectReason.None;
    }

    private static bool Begins(ReadOnlySpan<byte> type, ReadOnlySpan<byte> with) =>
        type.Length >= with.Length && Ascii.EqualsIgnoreCase(type[..with.Length], with);
}
