using System.Text.Encodings.Web;
using System.Text.Json;
using Streaming.Common.Files;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Running;

/// <summary>Writes rejected rows into a file, one JSON object per line, so that they can be corrected. Not thread-safe.</summary>
/// <remarks>
/// Each line has <c>file</c>, <c>row</c>, <c>line</c>, <c>reason</c>, <c>field</c> (where one is at fault), <c>sentence</c> and
/// <c>values</c> by column, long ones cut. Only its owner can read it (mode 0600). It is written anew by every run, from the first row on,
/// and ends at <see cref="MaxBytes"/> with a line that says so.
/// </remarks>
public sealed class RejectedRows : IDisposable
{
    /// <summary>The largest size of the file.</summary>
    public const long MaxBytes = 1L << 30;

    private const int LongestValue = 1000;
    private readonly FileStream file;
    private readonly Utf8JsonWriter json;
    private readonly long most;
    private bool full;

    private RejectedRows(FileStream file, long most)
    {
        this.file = file;
        this.most = most;
        json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Lines written.</summary>
    public long Count { get; private set; }

    /// <summary>Path of the file.</summary>
    public string Path => file.Name;

    /// <summary>Makes the file, or empties it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="most">Bytes before it ends.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static RejectedRows Create(string path, long most = MaxBytes) => new(PrivateFile.Create(path), most);

    /// <summary>Writes buffered lines to the file.</summary>
    public void Flush() => file.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    internal void Add(string path, Row row, string reason, string field, string sentence)
    {
        if (full) return;
        full = file.Position > most;
        json.Reset();
        json.WriteStartObject();
        if (full)
        {
            json.WriteString("sentence"u8, "This file is full; more rows were rejected than it lists.");
        }
        else
        {
            Count++;
            json.WriteString("file"u8, System.IO.Path.GetFileName(path));
            json.WriteNumber("row"u8, row.Number);
            json.WriteNumber("line"u8, row.Line);
            json.WriteString("reason"u8, reason);
            if (field.Length > 0) json.WriteString("field"u8, field);
            json.WriteString("sentence"u8, sentence);
            json.WriteStartObject("values"u8);
            foreach (var (column, value) in row.Named())
                json.WriteString(column, value.Length <= LongestValue ? value : value[..LongestValue] + "…");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        file.WriteByte((byte)'\n');
    }
}
