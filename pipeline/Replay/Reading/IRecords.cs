namespace Streaming.Replay.Reading;

/// <summary>The records of one text or sheet, one at a time, not yet mapped to columns. Not thread-safe.</summary>
internal interface IRecords : IDisposable
{
    /// <summary>The values of the record last read. Each record has an array of its own.</summary>
    string[] Values { get; }

    /// <summary>Line on which the record last read begins, from 1.</summary>
    long Line { get; }

    /// <summary>Why the record last read cannot be used, by the name of a reason; null for a usable one.</summary>
    string? Fault { get; }

    /// <summary>Place of each column where the records name them themselves; null where the first record may.</summary>
    IReadOnlyDictionary<string, int>? Columns { get; }

    /// <summary>Moves to the next record that is not blank; false after the last.</summary>
    /// <exception cref="ReplayFileException">The rest cannot be read.</exception>
    bool Read();
}
