namespace Streaming.Engine.Storing;

/// <summary>Who numbers blocks. Two processes never share one, so the highest number
/// found in ClickHouse speaks of this writer alone.</summary>
/// <param name="Generation">Drawn when a store is created, restored or rebuilt; views read one generation.</param>
/// <param name="Writer">Name of this writer within the generation, e.g. the host's.</param>
public sealed record WriterIdentity(ulong Generation, string Writer);
