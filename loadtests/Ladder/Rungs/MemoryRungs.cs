using System.Runtime.InteropServices;
using Streaming.Pipeline.Sources;

namespace Streaming.Ladder.Rungs;

/// <summary>The rungs without a broker: the same records, read into memory beforehand. What the code itself costs, on one thread.</summary>
/// <remarks>One pass beforehand, on members of its own, lets the runtime compile; the measured pass begins with no member.</remarks>
internal static class MemoryRungs
{
    /// <summary>Decode alone.</summary>
    public static RungResult Decode(RungContext context, CancellationToken stop)
    {
        var records = Load(context, stop);
        var rules = context.Rules();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Pass(new MemberLoop(rules, now), records);
        var loop = new MemberLoop(rules, now);
        var meter = new Meter();
        Pass(loop, records);
        return meter.Stop("memory-decode", loop.Decoded, "");

        static void Pass(MemberLoop loop, List<InputRecord> records)
        {
            foreach (ref readonly var record in CollectionsMarshal.AsSpan(records)) loop.Decode(record);
        }
    }

    /// <summary>Decode and apply: the straight per-member loop, the limit of what the pipeline can reach on one thread.</summary>
    public static RungResult Apply(RungContext context, CancellationToken stop)
    {
        var records = Load(context, stop);
        var rules = context.Rules();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Pass(new MemberLoop(rules, now), records);
        var loop = new MemberLoop(rules, now);
        var meter = new Meter();
        Pass(loop, records);
        return meter.Stop("memory-apply", loop.Applied, $"{loop.Members:N0} members made, {loop.Effects:N0} effects");

        static void Pass(MemberLoop loop, List<InputRecord> records)
        {
            foreach (ref readonly var record in CollectionsMarshal.AsSpan(records)) loop.Apply(record);
        }
    }

    private static List<InputRecord> Load(RungContext context, CancellationToken stop)
    {
        var records = new List<InputRecord>();
        var buffer = new RecordBuffer(keep: true);
        TopicReader.Read(context, (topic, result) => records.Add(buffer.Copy(topic, result)), stop);
        return records;
    }
}
