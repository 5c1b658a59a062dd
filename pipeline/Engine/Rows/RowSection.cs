namespace Streaming.Engine.Rows;

/// <summary>What a row chunk is made of: sections, each a tag, a count and that many rows. Numbers are stored: never reuse one.</summary>
public enum RowSection : byte
{
    Activity = 1,
    Points = 2,
    Transitions = 3,
    Population = 4,
    Rejects = 5,
    Retention = 6,
    Effects = 7,
    Members = 8,
    Rules = 9,
    Health = 10,
}

/// <summary>The first byte of every chunk.</summary>
public static class RowChunk
{
    public const byte Format = 1;
}
