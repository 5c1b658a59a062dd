using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;

namespace Streaming.Replay.Checking;

/// <summary>Checks the settings of a mapping that describe the file itself.</summary>
internal static class FileCheck
{
    private const string None = "none";

    /// <summary>One sentence per error, beginning with the setting's path.</summary>
    public static IEnumerable<string> Errors(Mapping mapping)
    {
        if (mapping.Encoding.Length > 0 && Encodings.Find(mapping.Encoding) is null)
            yield return $"encoding must be the name of an encoding, such as utf-8, utf-16, gb18030, windows-1252 or shift_jis, not " +
                $"'{mapping.Encoding}'.";
        if (!IsOneCharacter(mapping.Delimiter)) yield return "delimiter must be one character (\"\\t\" for a tab).";
        if (mapping.Quote != None && !IsOneCharacter(mapping.Quote)) yield return "quote must be one character, or none.";
        if (mapping.Escape.Length > 0 && !IsOneCharacter(mapping.Escape)) yield return "escape must be one character.";
        if (mapping.Escape.Length > 0 && mapping.Quote == None) yield return "escape needs a quote.";
        if (mapping.Delimiter == mapping.Quote || mapping.Delimiter == mapping.Escape)
            yield return "delimiter must be another character than quote and escape.";
        if (mapping.SkipRows is < 0 or > 10_000) yield return "skipRows must be from 0 to 10000.";
        if (mapping.UnpackedMiB is < 1 or > 1_048_576) yield return "unpackedMiB must be from 1 to 1048576.";
        foreach (var twice in mapping.Columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"columns names '{twice.Key}' twice.";
        foreach (var (name, written, of) in FormatSettings(mapping))
        {
            if (written && !of.Contains(mapping.Format)) yield return $"{name} has no meaning with this format.";
        }
    }

    private static IEnumerable<(string Name, bool Written, FileFormat[] Of)> FormatSettings(Mapping mapping) =>
    [
        ("encoding", mapping.Encoding.Length > 0, [FileFormat.Csv, FileFormat.JsonLines]),
            ("entry", mapping.Entry.Length > 0, [FileFormat.Csv, FileFormat.JsonLines]),
        ("sheet", mapping.Sheet.Length > 0, [FileFormat.Xlsx]), ("columns", mapping.Columns.Count > 0, [FileFormat.Csv, FileFormat.Xlsx]),
        ("delimiter", mapping.Delimiter != ",", [FileFormat.Csv]), ("quote", mapping.Quote != "\"", [FileFormat.Csv]),
            ("escape", mapping.Escape.Length > 0, [FileFormat.Csv]),
    ];

    private static bool IsOneCharacter(string text) => text.Length == 1
        && text[0] is not ('\n' or '\r' or '\0') && !char.IsSurrogate(text[0]);
}
