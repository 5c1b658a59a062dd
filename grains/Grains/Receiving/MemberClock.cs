namespace Streaming.Grains.Receiving;

/// <summary>What members take for the time: a story told in a test has its own, the machinery around it does not.</summary>
/// <param name="Time">Its <see cref="TimeProvider.GetUtcNow"/> is asked once for each group.</param>
public sealed record MemberClock(TimeProvider Time);
