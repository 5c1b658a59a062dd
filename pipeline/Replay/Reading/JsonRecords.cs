using System.Buffers;
using System.Text.Json;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;

namespace Streaming.Replay.Reading;

/// <summary>Records of JSON Lines: one object per line, its values by the path of their names (<c>customer.email</c>).</summary>
/// <remarks>Texts are as they are, numbers as written, null is empty; an array is its JSON. A line that is no object, or in which one
/// path or name comes twice, is a record with a fault. Lines end in LF, CR or both.</remarks>
internal sealed class JsonRecords : IRecords
{
    /// <summary>The most different names (columns) in one file.</summary>
    public const int MaxColumns = 4096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 32 };
    private readonly string name;
    private readonly TextSource text;
    private readonly Dictionary<string, int> columns;
    private readonly ArrayBufferWriter<char> line = new();
    private readonly List<string> values = [];
    private readonly List<long> takenIn = []; // indexed by column: the last record that had a value for it
    private long record;

    /// <summary>Records of a text; closes it when disposed.</summary>
    /// <param name="columns">Places of names met so far, also in another text of the same file.</param>
    public JsonRecords(string name, TextSource text, int skipped, Dictionary<string, int> columns)
    {
        this.name = name;
        this.text = text;
        this.columns = columns;
        Line = skipped;
    }

    /// <inheritdoc/>
    public string[] Values { get; private set; } = [];

    /// <inheritdoc/>
    public long Line { get; private set; }

    /// <inheritdoc/>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Columns => columns;

    /// <inheritdoc/>
    public bool Read()
    {
        while (ReadLine())
        {
            if (line.WrittenSpan.IsWhiteSpace()) continue;
            values.Clear();
            Fault = Take();
            Values = Fault is null ? [.. values] : [line.WrittenSpan.ToString()];
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => text.Dispose();

    private bool ReadLine()
    {
        line.ResetWrittenCount();
        Line++;
        while (true)
        {
            var c = text.Read();
            if (c == '\r' && text.Peek() == '\n') c = text.Read();
            if (c is '\n' or '\r' || (c < 0 && line.WrittenCount > 0)) return true;
            if (c < 0) return false;
            if (line.WrittenCount == TextSource.MaxRecord)
                throw new ReplayFileException($"{name} has a line of more than {TextSource.MaxRecord} characters: is it JSON Lines, one " +
                    "object per line?");
            line.GetSpan(1)[0] = (char)c;
            line.Advance(1);
        }
    }

    private string? Take()
    {
        try
        {
            using var document = JsonDocument.Parse(line.WrittenMemory, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return RejectReasons.Name(RejectReason.NotObject);
            record++;
            return TakeObject(document.RootElement, "") ? null : RejectReasons.Name(RejectReason.DuplicateKey);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or text that is half of a surrogate pair
            return RejectReasons.Name(e is JsonException ? WithoutStrictness() : RejectReason.NotJson);
        }
    }

    // A line that strict parsing refuses may still be valid JSON with a duplicate name.
    private RejectReason WithoutStrictness()
    {
        try
        {
            using var document = JsonDocument.Parse(line.WrittenMemory, Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object ? RejectReason.DuplicateKey : RejectReason.NotObject;
        }
        catch (JsonException)
        {
            return RejectReason.NotJson;
        }
    }

    // False when two names make one path, as a.b and b inside a do: which of them counts would be a guess.
    private bool TakeObject(JsonElement element, string path)
    {
        foreach (var property in element.EnumerateObject())
        {
            var full = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!(property.Value.ValueKind == JsonValueKind.Object ? TakeObject(property.Value, full) : Put(full, Text(property.Value))))
                return false;
        }

        return true;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    private bool Put(string column, string value)
    {
        if (!columns.TryGetValue(column, out var place))
        {
            if (columns.Count == MaxColumns)
                throw new ReplayFileException($"{name} has more than {MaxColumns} different names by line {Line}: names that differ " +
                    "from line to line cannot be columns.");
            columns[column] = place = columns.Count;
        }

        while (takenIn.Count <= place) takenIn.Add(0);
        if (takenIn[place] == record) return false;
        takenIn[place] = record;
        if (value.Length == 0) return true;
        while (values.Count <= place) values.Add("");
        values[place] = value;
        return true;
    }
}
