using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.Members.Events;
using Streaming.Pipeline.Decode;

namespace Streaming.Pipeline.Replay;

/// <summary>Writes rows as events of the contract. What a row lacks is left out and what is wrong with it stays as it is: the decoder judges.</summary>
/// <remarks>One per file, not thread-safe.</remarks>
internal sealed class RowMapper : IDisposable
{
    /// <summary>Patterns run in time linear in the text, whatever they say.</summary>
    public const RegexOptions PatternOptions = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private readonly Mapping mapping;
    private readonly TimeFormat time;
    private readonly (KindRule Rule, Regex Pattern)[] kinds;
    private readonly (string Name, bool IsNumber, Template Template)[] fields;
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public RowMapper(Mapping mapping)
    {
        this.mapping = mapping;
        time = new TimeFormat(mapping.At);
        kinds = [.. mapping.Kinds.Select(rule => (rule, new Regex(rule.Matches, PatternOptions)))];
        fields = [.. mapping.Fields.Select(field => (field.Key, IsNumber(field.Key), Template.Parse(field.Value, out _)!))];
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Every column a mapping takes something from.</summary>
    public static IEnumerable<string> ColumnsOf(Mapping mapping) =>
    [
        mapping.At.Column, .. mapping.Kinds.Select(rule => rule.Column).OfType<string>(), .. mapping.Amount?.Product ?? [],
        .. mapping.Fields.Values.SelectMany(text => Template.Parse(text, out _)!.Columns),
    ];

    /// <summary>Writes one row.</summary>
    public MappedRow Map(CsvRow row)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        byte[]? key = null;
        foreach (var (name, isNumber, template) in fields)
        {
            var value = template.Fill(row);
            if (value.Length == 0) continue;
            if (name == "member") key = Encoding.UTF8.GetBytes(value);
            if (isNumber && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) json.WriteNumber(name, number);
            else json.WriteString(name, value);
        }

        var at = WriteTime(row);
        var kind = Kind(row);
        if (kind is not null) json.WriteString("kind"u8, kind);
        WriteAmount(row);
        json.WriteEndObject();
        json.Flush();
        return new MappedRow(key, buffer.WrittenSpan.ToArray(), at, kind);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private long? WriteTime(CsvRow row)
    {
        var text = row[mapping.At.Column];
        if (text.Length == 0) return null;
        if (time.TryRead(text, out var at))
        {
            json.WriteNumber("at"u8, at);
            return at;
        }

        json.WriteString("at"u8, text);
        return null;
    }

    private string? Kind(CsvRow row)
    {
        foreach (var (rule, pattern) in kinds)
        {
            if (rule.Column is null || pattern.IsMatch(row[rule.Column])) return rule.Kind;
        }

        return null;
    }

    // A column that is no number leaves the columns' texts as the amount, which the decoder refuses and the dead letter shows.
    private void WriteAmount(CsvRow row)
    {
        if (mapping.Amount is not { } amount) return;
        var texts = amount.Product.Select(column => row[column]).ToArray();
        if (texts.Contains("")) return;
        json.WriteString("amount"u8, ExactProduct.Of(texts, [.. amount.Product.Select(amount.Abs.Contains)]) ?? string.Join(" * ", texts));
    }

    private static bool IsNumber(string field) => FieldTable.All.First(spec => spec.Name == field).Type is FieldType.Points or FieldType.Rating;
}

/// <summary>A row as an event.</summary>
/// <param name="Key">The member, or null when the row names none.</param>
/// <param name="Value">One JSON object.</param>
/// <param name="At">Epoch milliseconds, or null when the row's time cannot be read.</param>
/// <param name="Kind">The kind, or null when no rule fits.</param>
internal readonly record struct MappedRow(byte[]? Key, byte[] Value, long? At, string? Kind);
