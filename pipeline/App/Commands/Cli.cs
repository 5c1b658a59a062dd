using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;
using Streaming.Ops.Commands;

namespace Streaming.App.Commands;

/// <summary>The <c>streaming</c> command line: its subcommands. How every one of them ends is <see cref="CommandRunner"/>'s.</summary>
internal static class Cli
{
    // A stop that takes longer than this, because a part hangs, is ended by force. The commands' own limits are well below it.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private static readonly RootCommand Root =
        new("A real-time engagement pipeline: Kafka in, one actor per member, alerts, rewards and ClickHouse aggregates out.")
    {
        UpCommand.Create(),
        ReplayCommand.Create(),
        DeadLettersCommand.Create(),
        ParkedCommand.Create("streaming", StoppedStore.Data, "at the next start", StoppedStore.UseParkedAsync),
        SkipCommand.Create(),
        GenerationsCommand.Create(),
        BrokerCommand.Create(),
    };

    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        Tables.Prepare();
        return CommandRunner.RunAsync(Root, args, "streaming", LongestStop, failure => KafkaFailure.Sentence(failure, "--kafka"));
    }
}
