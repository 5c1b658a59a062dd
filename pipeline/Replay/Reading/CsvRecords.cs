using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>Records with a character between columns.</summary>
internal sealed class CsvRecords : IRecords
{
    /// <summary>Characters of one field.</summary>
    public const int MaxField = 1024 * 1024;

    private readonly string name;
    private readonly TextSource text;
    private readonly CsvParser parser;
    private readonly char? quote;
    private readonly int skipped;
    private long lastRow, lastLine;

    /// <summary>Records of a text; closes it when disposed.</summary>
    public CsvRecords(string name, TextSource text, Mapping mapping)
    {
        this.name = name;
        this.text = text;
        skipped = mapping.SkipRows;
        quote = mapping.Quote.Length == 1 ? mapping.Quote[0] : null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = mapping.Delimiter,
            Mode = quote is null ? CsvMode.NoEscape : CsvMode.RFC4180,
            HasHeaderRecord = false,
            MaxFieldSize = MaxField,
            BadDataFound = bad => Judge(bad.Field),
            BufferSize = 1 << 15,
        };
        if (quote is { } around)
            (configuration.Quote, configuration.Escape) = (around, mapping.Escape.Length == 1 ? mapping.Escape[0] : around);
        parser = new CsvParser(text, configuration);
    }

    /// <inheritdoc/>
    public string[] Values { get; private set; } = [];

    /// <inheritdoc/>
    public long Line { get; private set; }

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int>? Columns => null;

    /// <inheritdoc/>
    public bool Read()
    {
        try
        {
            if (!parser.Read()) return false;
            text.RecordDone();

            // The parser counts blank lines as rows, but not in its line number where a line ends in two characters.
            Line = skipped + lastLine + (parser.Row - lastRow);
            Values = parser.Record!;
            if (text.AtEnd && quote is not null) CheckLastQuote();
            (lastRow, lastLine) = (parser.Row, parser.RawRow);
            return true;
        }
        catch (MaxFieldSizeException e)
        {
            throw new ReplayFileException($"{name} has a field of more than {MaxField} characters in the row that begins in line " +
                $"{skipped + parser.RawRow}: is a quote not closed, or the delimiter in the mapping wrong?", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => parser.Dispose();

    // A quote in the middle of a field is text. A quote at the start of a field that runs over line ends and is not closed before a
    // delimiter has swallowed other rows.
    private void Judge(string field)
    {
        if (field.Length > 0 && field[0] == quote && field.AsSpan().ContainsAny('\n', '\r')) throw Unclosed(field);
    }

    // At the end of the text the parser accepts an unclosed field; only counting the quotes shows that.
    private void CheckLastQuote()
    {
        var raw = parser.RawRecord;
        if (raw.EndsWith('\n') || raw.EndsWith('\r') || Values.Length == 0) return;
        var last = raw.AsSpan(raw.AsSpan(0, raw.Length - 1).LastIndexOfAny('\n', '\r') + 1);
        if (!IsOpen(raw)) return;
        throw Unclosed(last.ToString());
    }

    private bool IsOpen(string raw)
    {
        bool quoted = false, atStart = true;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (quoted)
            {
                if (c == parser.Configuration.Escape && c != quote) i++;
                else if (c == quote && i + 1 < raw.Length && raw[i + 1] == quote && parser.Configuration.Escape == quote) i++;
                else if (c == quote) quoted = false;
            }
            else if (c == quote && atStart)
            {
                quoted = true;
            }

            atStart = !quoted && c == parser.Delimiter[0];
        }

        return quoted;
    }

    private ReplayFileException Unclosed(string field)
    {
        var raw = parser.RawRecord;
        var before = raw.AsSpan(0, Math.Max(0, raw.LastIndexOf(field, StringComparison.Ordinal)));
        var line = Line + Math.Max(before.Count('\n'), before.Count('\r'));
        return new ReplayFileException(string.Create(CultureInfo.InvariantCulture,
            $"{name} has a quote in line {line} that is never closed; where quotes are text like any other, say quote: none in " +
            $"the mapping."));
    }
}
