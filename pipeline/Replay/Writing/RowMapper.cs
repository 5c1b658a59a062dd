using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.Contract.Decoding;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Writes rows as events of the contract. A missing value is left out, and a wrong value is written as it is: the decoder judges
/// it.</summary>
/// <remarks>One per file, not thread-safe.</remarks>
internal sealed class RowMapper : IDisposable
{
    private const int MaxShownCharacters = 200;
    private readonly Mapping mapping;
    private readonly RowTime time;
    private readonly KindPicker kinds;
    private readonly AmountReader? amount;
    private readonly ListWriter lists;
    private readonly NumberReader numbers;
    private readonly Filters filters;
    private readonly (string Name, bool IsNumber, Template Template)[] fields;
    private readonly (string Name, string? Item, Template Template)[] items;
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public RowMapper(Mapping mapping)
    {
        this.mapping = mapping;
        numbers = new NumberReader(mapping.Numbers);
        filters = new Filters(numbers);
        time = new RowTime(mapping.At);
        kinds = new KindPicker(mapping.Kinds, filters);
        amount = mapping.Amount is null ? null : new AmountReader(mapping.Amount, numbers, mapping.Lines?.Amount ?? LineAmount.Sum);
        lists = new ListWriter(mapping, filters);
        fields = [.. mapping.Fields.Select(field => (field.Key, IsNumber(field.Key), Template.Parse(field.Value, out _)!))];
        items = [.. (mapping.Lines?.Items ?? new Dictionary<string, string>())
            .Select(item => (item.Key, ItemFields.Find(Encoding.UTF8.GetBytes(item.Key)), Template.Parse(item.Value, out _)!))];
        json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Every column a mapping takes something from.</summary>
    public static IEnumerable<string> ColumnsOf(Mapping mapping) =>
    [
        .. mapping.At.All, .. mapping.Kinds.SelectMany(rule => rule.Conditions.Select(condition => condition.Column)),
            .. mapping.Amount?.Product ?? [],
        .. Templates(mapping).SelectMany(text => Template.Parse(text, out _)!.Columns),
    ];

    /// <summary>The time of a row, epoch milliseconds; null when it has none that can be read.</summary>
    public long? TimeOf(Row row) => time.Read(row, out _);

    /// <summary>Writes one event.</summary>
    /// <param name="rows">The row, or all lines of one order. What the first leaves empty is taken from the next.</param>
    /// <param name="repeats">The row repeats an earlier one, and is kept: its id gets its number.</param>
    public MappedRow Map(IReadOnlyList<Row> rows, bool repeats)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        byte[]? key = null;
        foreach (var (name, isNumber, template) in fields)
        {
            var value = First(rows, template);
            if (value.Length == 0) continue;
            if (name == "member") key = Encoding.UTF8.GetBytes(value);
            if (name == "id" && repeats && !template.HasRow) value = $"{value}-{rows[0].NumberText}";
            if (isNumber) WriteNumber(name, value);
            else json.WriteString(name, value);
        }

        var at = time.Read(rows[0], out var text);
        if (at is { } read) json.WriteNumber("at"u8, read);
        else if (text.Length > 0) json.WriteString("at"u8, $"not a time: {Told(text)}");
        var kind = kinds.Of(rows[0]);
        if (kind is not null) json.WriteString("kind"u8, kind);
        if (amount?.Of(rows) is { } money) json.WriteString("amount"u8, Told(money));
        lists.Write(json, rows);
        WriteItems(rows);
        json.WriteEndObject();
        json.Flush();
        return new MappedRow(key, buffer.WrittenSpan.ToArray(), at, kind);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    /// <summary>Every text with columns of a mapping.</summary>
    private static IEnumerable<string> Templates(Mapping mapping) =>
    [
        .. mapping.Fields.Values, .. mapping.Kinds.Select(rule => rule.From),
            .. mapping.Lists.Values.SelectMany(list => list.Entries.Values.Prepend(list.From)),
        .. mapping.Lines is { } lines ? lines.Items.Values.Prepend(lines.By) : [],
    ];

    private string First(IReadOnlyList<Row> rows, Template template)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (template.Fill(rows[i], filters) is { Length: > 0 } value) return value;
        }

        return "";
    }

    private void WriteItems(IReadOnlyList<Row> rows)
    {
        if (items.Length == 0) return;
        json.WriteStartArray("items"u8);
        foreach (var row in rows)
        {
            var values = items.Select(item => item.Template.Fill(row, filters)).ToArray();
            if (values.All(value => value.Length == 0)) continue;
            json.WriteStartObject();
            for (var i = 0; i < items.Length; i++)
            {
                if (values[i].Length == 0) continue;
                if (items[i].Item is ItemFields.Quantity) WriteNumber(items[i].Name, values[i]);
                else json.WriteString(items[i].Name, items[i].Item is ItemFields.Price ? numbers.Plain(values[i]) : values[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteNumber(string name, string value)
    {
        if (numbers.Read(value) is { } number) json.WriteNumber(name, NumberReader.Shortest(number.Value));
        else json.WriteString(name, value);
    }

    private static string Told(string text) => text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "…";

    private static bool IsNumber(string field) =>
        FieldTable.All.First(spec => spec.Name == field).Type is FieldType.Points or FieldType.Rating or FieldType.Money;
}

/// <summary>A row, or the lines of one order, as an event.</summary>
/// <param name="Key">The member, or null when the row names none.</param>
/// <param name="Value">One JSON object.</param>
/// <param name="At">Epoch milliseconds, or null when the row's time cannot be read.</param>
/// <param name="Kind">The kind, or null when no rule fits.</param>
internal readonly record struct MappedRow(byte[]? Key, byte[] Value, long? At, string? Kind);
