using System.Text.Unicode;
using Streaming.Members;
using Streaming.Pipeline.Sources;

namespace Streaming.Pipeline.Decode;

/// <summary>The CloudEvents context of one message: it fills what the event itself does not say.</summary>
/// <remarks>
/// Binary mode: headers <c>ce_id</c>, <c>ce_source</c>, <c>ce_type</c>, <c>ce_time</c>, <c>ce_subject</c> beside a value that is the
/// event. Structured mode: header <c>content-type: application/cloudevents+json</c>, or a value with <c>specversion</c>; the event is
/// its <c>data</c>. The kind is the last dot-separated part of the type; the subject is the member.
/// </remarks>
internal sealed class CloudAttributes
{
    /// <summary>Characters of a source, type, time or subject.</summary>
    public const int Max = 256;

    private const int MaxBytes = Max * 4;

    /// <summary>Bytes that <see cref="ReadHeaders"/> keeps at most.</summary>
    public const int MaxKept = MaxBytes * 5;

    /// <summary>The attributes; empty when not given.</summary>
    public Text Id, Source, Type, Time, Subject;

    /// <summary>True when the headers say that the value is an envelope.</summary>
    public bool Structured { get; private set; }

    /// <summary>Forgets the message before.</summary>
    public void Reset()
    {
        Id = Source = Type = Time = Subject = default;
        Structured = false;
    }

    /// <summary>Reads the headers of binary mode; the first of a repeated header counts.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what is wrong with <paramref name="name"/>.</returns>
    public RejectReason ReadHeaders(RecordHeaders headers, JsonScanner keep, out string name)
    {
        name = "";
        while (headers.Next())
        {
            if (headers.Name.SequenceEqual("content-type"u8))
            {
                Structured = headers.Value.StartsWith("application/cloudevents+json"u8);
                continue;
            }

            if (!headers.Name.StartsWith("ce_"u8) || Find(headers.Name[3..]) is not { } attribute) continue;
            if (!Slot(attribute).IsEmpty || headers.Value.IsEmpty) continue;
            name = attribute;
            if (headers.Value.Length > MaxBytes) return RejectReason.FieldTooLong;
            if (!Utf8.IsValid(headers.Value)) return RejectReason.NotUtf8;
            Slot(attribute) = keep.Keep(headers.Value);
        }

        return RejectReason.None;
    }

    /// <summary>The attribute of that name, or null for one that is of no use here.</summary>
    public static string? Find(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("id"u8)) return "id";
        if (name.SequenceEqual("source"u8)) return "source";
        if (name.SequenceEqual("type"u8)) return "type";
        if (name.SequenceEqual("time"u8)) return "time";
        return name.SequenceEqual("subject"u8) ? "subject" : null;
    }

    /// <summary>Where an attribute found by <see cref="Find"/> is kept.</summary>
    public ref Text Slot(string attribute)
    {
        switch (attribute)
        {
            case "id": return ref Id;
            case "source": return ref Source;
            case "type": return ref Type;
            case "time": return ref Time;
            default: return ref Subject;
        }
    }

    /// <summary>The kind that the type names: what follows its last dot.</summary>
    public ReadOnlySpan<byte> Kind => Type.Span[(Type.Span.LastIndexOf((byte)'.') + 1)..];
}
