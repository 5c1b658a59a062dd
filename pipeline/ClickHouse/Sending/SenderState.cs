namespace Streaming.ClickHouse.Sending;

/// <summary>The state of delivery to ClickHouse at one moment.</summary>
/// <param name="LastSuccess">When ClickHouse last took a block or answered that it
/// has it, epoch milliseconds; 0 before the first time.</param>
/// <param name="FailingSince">When the oldest failure that still lasts began, epoch milliseconds; null while all is well.</param>
/// <param name="LastError">What went wrong last, kept after recovery; null if nothing ever did.</param>
/// <param name="DeliveredRows">Rows landed since the process began.</param>
/// <param name="DeliveredBlocks">Blocks landed since the process began.</param>
/// <param name="ParkedBlocks">Blocks parked since the process began.</param>
/// <param name="LandingDelay">Milliseconds from forming the last delivered block to its landing.</param>
public sealed record SenderState(
    long LastSuccess, long? FailingSince, string? LastError, long DeliveredRows, long DeliveredBlocks, long ParkedBlocks, long LandingDelay)
{
    /// <summary>Nothing sent yet.</summary>
    public static SenderState Start { get; } = new(0, null, null, 0, 0, 0, 0);
}
