namespace Streaming.LocalClickHouse.Embedding;

/// <summary>What one query did, as the engine counts it.</summary>
/// <param name="Body">The result, when the query was not sent to a file; else empty.</param>
/// <param name="Error">The engine's message (<c>Code: N. DB::Exception: …</c>), or
/// null when it succeeded. The counts are zero then.</param>
/// <param name="ResultRows">Rows given back.</param>
/// <param name="ResultBytes">Bytes of those rows in the engine's memory (not of the encoded body).</param>
/// <param name="ReadRows">Rows scanned.</param>
/// <param name="ReadBytes">Bytes scanned.</param>
/// <param name="WrittenRows">Rows inserted.</param>
/// <param name="WrittenBytes">Bytes inserted, in the engine's memory.</param>
/// <param name="ElapsedNanoseconds">Time the engine took.</param>
internal readonly record struct EngineResult(
    byte[] Body,
    string? Error,
    ulong ResultRows,
    ulong ResultBytes,
    ulong ReadRows,
    ulong ReadBytes,
    ulong WrittenRows,
    ulong WrittenBytes,
    long ElapsedNanoseconds)
{
    public static EngineResult Failed(string error) => new([], error, 0, 0, 0, 0, 0, 0, 0);
}
