namespace Streaming.Pipeline.Replay;

/// <summary>A file cannot be replayed: it is not there, damaged, or not what its mapping expects. Not worth trying again unchanged.</summary>
public sealed class ReplayFileException : Exception
{
    /// <summary>Says which file and why.</summary>
    public ReplayFileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
