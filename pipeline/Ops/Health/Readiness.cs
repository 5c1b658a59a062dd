using System.Runtime.CompilerServices;
using Streaming.Engine.Status;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Health;

/// <summary>One reason why a host is not ready.</summary>
/// <param name="Code">Stable name of the case.</param>
/// <param name="Message">One sentence: what is wrong, whether it heals by itself, what to do.</param>
/// <param name="Since">Since when, epoch milliseconds; null where that is not known.</param>
public sealed record NotReady(string Code, string Message, long? Since = null);

/// <summary>Whether a host does its work.</summary>
public static class Readiness
{
    /// <summary>Every reason against it; none when the host is ready.</summary>
    /// <param name="status">How the host is.</param>
    /// <param name="settings">How long something may be away.</param>
    /// <param name="now">Epoch milliseconds.</param>
    public static IReadOnlyList<NotReady> Reasons(OpsStatus status, OpsSettings settings, long now)
    {
        var reasons = new List<NotReady>();
        if (status.Recovering)
        {
            reasons.Add(new NotReady("recovering", "Commits made before the start are being applied again; this ends by itself."));
        }
        if (status.CommitFailure is not null)
        {
            reasons.Add(new NotReady("commit-failing", "Commits cannot be written, so intake is paused; they are tried again. Look at " +
                "the disk of the data directory; the log says what failed."));
        }

        if (AwayTooLong(status.Broker.AwaySince, settings.BrokerAwayLimit, now))
        {
            reasons.Add(new NotReady("broker-away", Say(
                $"The broker has been away for {Seconds(status.Broker.AwaySince, now)} s; messages wait on disk and connecting is tried " +
                $"again. Check the broker and its address (the setting Bootstrap of Kafka)."), status.Broker.AwaySince));
        }

        if (AwayTooLong(status.ClickHouse.AwaySince, settings.ClickHouseAwayLimit, now))
        {
            reasons.Add(new NotReady("clickhouse-away", Say(
                $"ClickHouse has been away for {Seconds(status.ClickHouse.AwaySince, now)} s; {status.ClickHouse.Waiting} blocks wait on " +
                $"disk and are sent when it is back. Check ClickHouse and its address (the setting Url of ClickHouse)."),
                status.ClickHouse.AwaySince));
        }

        if (status.Broker.Blocked.Count > 0)
        {
            reasons.Add(new NotReady("partition-blocked",
                $"{string.Join(", ", status.Broker.Blocked)} cannot be read: the bytes there are damaged. Nothing behind them is read " +
                "and no wake acts; the other partitions go on. Repair the topic, or stop the program and skip these offsets " +
                "(command skip)."));
        }

        if (status.ClickHouse.Refused is not null)
        {
            reasons.Add(new NotReady("clickhouse-refused", "ClickHouse's tables are not what this program needs, and nothing is " +
                "delivered until an operator acts; the log says which migration failed."));
        }

        return reasons;
    }

    /// <summary>Conditions an operator should look at. They do not affect readiness.</summary>
    public static IReadOnlyList<NotReady> Notes(OpsStatus status)
    {
        var notes = new List<NotReady>();
        if (status.Parked > 0)
            notes.Add(new NotReady("parked",
                Say($"{status.Parked} messages or blocks were refused for good and are parked; the rest goes on. The ") +
                "command parked lists them."));
        if (status.Rejected.TryGetValue("internal", out var records))
            notes.Add(new NotReady("internal",
                Say($"The program failed on {records} records since its start; they are dead letters with the reason internal. The log ") +
                "has the stack traces: report them, and redrive the dead letters with a corrected version " +
                "(command dead-letters redrive)."));
        if (status.Aside > 0)
            notes.Add(new NotReady("members-aside",
                Say($"The program failed on {status.Aside} members that were due or under former rules. They are put aside and tried ") +
                "again at the next start or after a change of the rules. The log has the stack traces: report them."));
        return notes;
    }

    private static bool AwayTooLong(long since, TimeSpan limit, long now) => since > 0 && now - since > limit.TotalMilliseconds;

    private static long Seconds(long since, long now) => (now - since) / 1000;

    // Numbers are written as the invariant culture does: programs know no other (InvariantGlobalization).
    private static string Say(ref DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}
