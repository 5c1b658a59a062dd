namespace Streaming.Engine.Status;

/// <summary>What went wrong last in one part, kept after it is over.</summary>
/// <param name="Reason">What the part said.</param>
/// <param name="At">When, epoch milliseconds.</param>
public sealed record PastError(string Reason, long At)
{
    /// <summary>An error of this moment.</summary>
    public static PastError Now(string reason) => new(reason, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>The later of two; null when there is neither.</summary>
    public static PastError? Latest(PastError? one, PastError? other) =>
        one is null || other is null ? one ?? other : one.At > other.At ? one : other;
}
