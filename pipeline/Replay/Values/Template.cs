using System.Text;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Values;

/// <summary>A text with placeholders that a row fills: <c>{column}</c>, <c>{column|filter|filter}</c>, <c>{row}</c>,
/// <c>{file}</c>.</summary>
internal sealed class Template
{
    /// <summary>Place of the row's number.</summary>
    public const string Row = "row";

    /// <summary>Place of the file's name.</summary>
    public const string File = "file";

    private readonly List<Piece> parts = [];

    /// <summary>Names of the columns it takes.</summary>
    public IEnumerable<string> Columns => parts.Where(part => part.IsColumn).Select(part => part.Text);

    /// <summary>True when it takes the row's number.</summary>
    public bool HasRow => parts.Any(part => part is { IsPlace: true, Text: Row });

    /// <summary>Reads a template.</summary>
    /// <returns>Null, with a <paramref name="fault"/> that continues a sentence beginning with the setting's name.</returns>
    public static Template? Parse(string text, out string fault)
    {
        var template = new Template();
        fault = "";
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '{')
            {
                var end = text.IndexOf('{', i);
                if (end < 0) end = text.Length;
                template.parts.Add(new Piece(text[i..end], IsPlace: false, []));
                i = end;
                continue;
            }

            var close = text.IndexOf('}', i);
            if (close < 0)
            {
                fault = "opens a '{' that is never closed.";
                return null;
            }

            var place = text[(i + 1)..close].Split('|');
            foreach (var filter in place[1..].Except(Filters.Names))
            {
                fault = $"names the filter '{filter}'; there are {string.Join(", ", Filters.Names)}.";
                return null;
            }

            template.parts.Add(new Piece(place[0], IsPlace: true, place[1..]));
            i = close + 1;
        }

        return template;
    }

    /// <summary>The text for a row; empty when it takes columns and all of them are empty.</summary>
    public string Fill(Row row, Filters filters)
    {
        if (parts.Count == 1) return Value(parts[0], row, filters);
        var filled = new StringBuilder();
        bool columns = false, any = false;
        foreach (var part in parts)
        {
            var value = Value(part, row, filters);
            columns |= part.IsColumn;
            any |= part.IsColumn && value.Length > 0;
            filled.Append(value);
        }

        return columns && !any ? "" : filled.ToString();
    }

    private static string Value(Piece part, Row row, Filters filters)
    {
        if (!part.IsPlace) return part.Text;
        var value = part.Text switch { Row => row.NumberText, File => row.FileName, var column => row[column] };
        foreach (var filter in part.Filters) value = filters.Apply(filter, value);
        return value;
    }

    private sealed record Piece(string Text, bool IsPlace, string[] Filters)
    {
        public bool IsColumn => IsPlace && Text is not (Row or File);
    }
}
