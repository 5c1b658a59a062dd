namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>Points of one day, with the instant from which they are gone.</summary>
/// <param name="Day">Local day they were earned on, days since 1970-01-01.</param>
/// <param name="Expires">Epoch milliseconds, a whole minute.</param>
/// <param name="Remaining">Whole points not spent yet, above 0.</param>
public readonly record struct PointsLot(int Day, long Expires, long Remaining);
