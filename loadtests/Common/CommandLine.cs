using System.CommandLine;
using Confluent.Kafka;
using Streaming.App.Children;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Common.Settings;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests;

/// <summary>What the command lines of all load test programs have in common: how they end.</summary>
public static class CommandLine
{
    /// <summary>How long a run that is interrupted may take to stop and remove what it
    /// started: an installation of its own, topics, folders.</summary>
    private static readonly TimeSpan CleanUp = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command line to its end. What is expected to fail is one
    /// sentence on standard error, never a stack trace.</summary>
    /// <param name="program">What the program is called.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="args">What was given.</param>
    /// <returns>The process's exit code: what the command says, 1 when it failed, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string program, RootCommand root, IReadOnlyList<string> args)
    {
        var given = root.Parse(args);
        if (ParseErrors.Say(given, program)) return 2;

        try
        {
            return await given.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = CleanUp });
        }
        catch (LoadtestException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is SettingsException or BrokerAwayException or ChildProcessException { ExitCode: 2 }
            or ClickHouseException { Whose: Fault.Setup })
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is KafkaException or ClickHouseException or KafkaNativeMissingException or ChildProcessException
            or StoreException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return 1;
        }
    }
}
