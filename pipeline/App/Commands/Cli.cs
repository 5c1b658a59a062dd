using System.CommandLine;
using Spectre.Console;
using Streaming.App.Hosting;
using Streaming.Commands;
using Streaming.Ops;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Replay;
using Streaming.Pipeline.Settings;
using Streaming.Pipeline.Store;

namespace Streaming.App.Commands;

/// <summary>The <c>streaming</c> command line: its subcommands, and how every one of them ends.</summary>
/// <remarks>
/// Exit codes: 0 done or stopped as asked, 1 failed at run time, 2 wrong settings, usage or files, also when they name what is not there.
/// An expected failure is one sentence on standard error; a stack trace means a mistake in this program.
/// </remarks>
internal static class Cli
{
    /// <summary>The subcommand did what it was asked, or was stopped by a signal.</summary>
    public const int Done = 0;

    /// <summary>The subcommand failed at run time.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong, or name what cannot be used (a file, a folder, a port, a server); nothing was
    /// begun.</summary>
    public const int WrongUsage = 2;

    // A stop that takes longer than this (a part that hangs) is cut short; the commands' own deadlines are well below it.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private const int RedirectedWidth = 160;

    private static readonly RootCommand Root = new("A real-time engagement pipeline: Kafka in, one actor per member, alerts, rewards and ClickHouse aggregates out.")
    {
        UpCommand.Create(),
        ReplayCommand.Create(),
        DeadLettersCommand.Create(),
        ParkedCommand.Create(),
        SkipCommand.Create(),
        GenerationsCommand.Create(),
        BrokerCommand.Create(),
        ClickHouseCommand.Create(),
    };

    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root.Parse(args);
        if (ParseErrors.Say(parsed, "streaming")) return WrongUsage;
        if (Console.IsOutputRedirected)
        {
            // Spectre colours by TERM alone, and takes a file for a narrow terminal.
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = LongestStop,
            });
        }
        catch (CommandException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return failure.ExitCode;
        }
        catch (Exception failure) when (failure is SettingsException or ReplayFileException or NoStoreException or OpsStartException
            or BrokerAwayException or ChildProcessException { ExitCode: WrongUsage })
        {
            Console.Error.WriteLine(failure.Message);
            return WrongUsage;
        }
        catch (Exception failure) when (failure is KafkaNativeMissingException or ChildProcessException or StoreException)
        {
            Console.Error.WriteLine(failure.Message);
            return Failed;
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            Console.Error.WriteLine($"Kafka does not answer as needed ({failure.Error.Reason}): is it running, is its address right (--kafka), may this user create topics?");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Done;
        }
    }
}
