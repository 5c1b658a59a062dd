using System.CommandLine;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Load.Commands;

/// <summary>The command line. Exit codes: 0 done and every promise held, 1 one was missed or the run failed, 2 wrong usage.</summary>
internal static class LoadCommand
{
    /// <summary>Runs one command line to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args) => LoadtestRunner.RunAsync(
        "load",
        new RootCommand("Sends members' lives to an installation at a given pace and verifies that what was sent landed, exactly.")
        {
            RunCommand.Create(), FindCommand.Create(), CompareCommand.Create(), PrefillCommand.Create(), ClearCommand.Create(),
        },
        args);
}
