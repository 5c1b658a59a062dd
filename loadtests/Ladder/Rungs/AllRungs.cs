using System.Text.Json;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>The rungs, from the least work to all of it.</summary>
internal static class AllRungs
{
    /// <summary>What all others are compared with.</summary>
    public const string Consumer = "consumer";

    /// <summary>In the order in which they are measured.</summary>
    public static IReadOnlyList<string> Names { get; } = [Consumer, "decode", "apply", "memory-decode", "memory-apply", "pipeline"];

    /// <summary>Steps of other measurements, each in a process of its own as well.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["members", "killed", "restarted"];

    /// <summary>Measures one and prints it.</summary>
    /// <exception cref="CommandException">No such rung, or it did not handle every event exactly once.</exception>
    public static async Task<int> RunAsync(string name, RungContext context, CancellationToken stop)
    {
        if (!Names.Concat(Steps).Contains(name))
        {
            throw new CommandException($"There is no rung {name}; there are {string.Join(", ", Names)}.", 2);
        }
        await ExistingKafka.ReachAsync(context.Bootstrap, stop);
        var result = name switch
        {
            Consumer => ConsumerRungs.Bare(context, stop),
            "decode" => ConsumerRungs.Decode(context, stop),
            "apply" => ConsumerRungs.Apply(context, stop),
            "memory-decode" => MemoryRungs.Decode(context, stop),
            "memory-apply" => MemoryRungs.Apply(context, stop),
            "pipeline" => await PipelineRung.RunAsync(context, stop),
            "members" => MembersRung.Run(context, stop),
            "killed" => await PipelineRung.RunHalfAsync(context, stop),
            _ => await PipelineRung.RunRestAsync(context, stop),
        };
        if (Names.Contains(name) && result.Events != context.Events)
        {
            throw new CommandException($"{name} handled {result.Events:N0} events of {context.Events:N0}: its figures would mean nothing.");
        }
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }
}
