using System.Globalization;
using Streaming.Contract.Records;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>The rungs without a broker: the same records, read into memory beforehand. What the code itself costs, on one thread.</summary>
/// <remarks>
/// One pass beforehand, on members of its own, lets the runtime compile; the measured pass begins with no member. Its second half is
/// measured on the events of members met in the first alone: what a member known already costs, without the making of any.
/// </remarks>
internal static class MemoryRungs
{
    private delegate void Handle(MemberLoop loop, in InputRecord record);

    /// <summary>Decode alone.</summary>
    public static RungResult Decode(RungContext context, CancellationToken stop) =>
        Measure("memory-decode", context, static (loop, in record) => loop.Decode(record), static loop => loop.Decoded, static _ => "",
            stop);

    /// <summary>Decode and apply: the straight per-member loop, the limit of what the pipeline can reach on one thread.</summary>
    public static RungResult Apply(RungContext context, CancellationToken stop) => Measure(
        "memory-apply",
        context,
        static (loop, in record) => loop.Apply(record),
        static loop => loop.Applied,
        static loop => string.Create(CultureInfo.InvariantCulture, $"{loop.Members:N0} members made, {loop.Effects:N0} effects"),
        stop);

    private static RungResult Measure(
        string name, RungContext context, Handle handle, Func<MemberLoop, long> handled, Func<MemberLoop, string> note,
            CancellationToken stop)
    {
        var records = MemoryRecords.Load(context, stop);
        var rules = context.Rules();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Pass(new MemberLoop(rules, now), records.All);

        var loop = new MemberLoop(rules, now);
        var meter = new Meter();
        Pass(loop, records.FirstHalf);
        meter.BeginSecondHalf(handled(loop));
        Pass(loop, records.OfMembersMetBefore);
        var known = meter.Since(handled(loop));
        Pass(loop, records.OfNewMembers);
        return meter.Stop(name, handled(loop), note(loop)) with { SecondHalf = known };

        void Pass(MemberLoop loop, ReadOnlySpan<InputRecord> records)
        {
            foreach (ref readonly var record in records) handle(loop, record);
        }
    }
}
