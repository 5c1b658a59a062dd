using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>The rungs that read from the broker: each does the work of the one before it, and one thing more.</summary>
internal static class ConsumerRungs
{
    /// <summary>Records are received and counted.</summary>
    public static RungResult Bare(RungContext context, CancellationToken stop)
    {
        var records = 0L;
        var meter = new Meter();
        TopicReader.Read(
            context,
            (_, _) =>
            {
                if (++records == context.Events / 2) meter.BeginSecondHalf(records);
            },
            stop);
        var second = meter.Since(records);
        return meter.Stop("consumer", records, "") with { SecondHalf = second };
    }

    /// <summary>Each is copied into a block and decoded.</summary>
    public static RungResult Decode(RungContext context, CancellationToken stop)
    {
        var loop = new MemberLoop(context.Rules(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var buffer = new RecordBuffer(keep: false);
        var meter = new Meter();
        TopicReader.Read(context, (topic, result) => loop.Decode(buffer.Copy(topic, result)), stop);
        return meter.Stop("decode", loop.Decoded, "");
    }

    /// <summary>Each is applied to its member.</summary>
    public static RungResult Apply(RungContext context, CancellationToken stop)
    {
        var loop = new MemberLoop(context.Rules(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var buffer = new RecordBuffer(keep: false);
        var meter = new Meter();
        TopicReader.Read(context, (topic, result) => loop.Apply(buffer.Copy(topic, result)), stop);
        return meter.Stop("apply", loop.Applied, $"{loop.Members:N0} members, {loop.Effects:N0} effects");
    }
}
