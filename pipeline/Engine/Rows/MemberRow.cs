namespace Streaming.Engine.Rows;

/// <summary>One member's row in ClickHouse; a later row of the same member replaces an earlier one.</summary>
/// <param name="FirstSeen">Time of the first event, epoch milliseconds.</param>
/// <param name="Updated">The member's clock, epoch milliseconds: never goes back, so the latest row wins.</param>
/// <param name="Events">Events applied so far.</param>
/// <param name="Stage">Stage number.</param>
/// <param name="Tier">Tier number.</param>
/// <param name="Level">Level number.</param>
public readonly record struct MemberRow(long FirstSeen, long Updated, long Events, byte Stage, byte Tier, byte Level);
