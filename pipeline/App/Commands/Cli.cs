using System.CommandLine;
using Spectre.Console;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.App.Commands;

/// <summary>The <c>streaming</c> command line: its subcommands. How every one of them ends is <see cref="CommandRunner"/>'s.</summary>
internal static class Cli
{
    // A stop that takes longer than this (a part that hangs) is cut short; the commands' own deadlines are well below it.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private const int RedirectedWidth = 160;

    private static readonly RootCommand Root =
        new("A real-time engagement pipeline: Kafka in, one actor per member, alerts, rewards and ClickHouse aggregates out.")
    {
        UpCommand.Create(),
        ReplayCommand.Create(),
        DeadLettersCommand.Create(),
        ParkedCommand.Create(),
        SkipCommand.Create(),
        GenerationsCommand.Create(),
        BrokerCommand.Create(),
    };

    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        if (Console.IsOutputRedirected)
        {
            // Spectre colours by TERM alone, and takes a file for a narrow terminal.
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        return CommandRunner.RunAsync(Root, args, "streaming", LongestStop, failure => KafkaFailure.Sentence(failure, "--kafka"));
    }
}
