namespace Streaming.Grains.Receiving;

/// <summary>The clock members are judged by. A test may set it; timeouts and leases use the machine's clock.</summary>
/// <param name="Time">Its <see cref="TimeProvider.GetUtcNow"/> is asked once for each group.</param>
public sealed record MemberClock(TimeProvider Time);
