using Spectre.Console;

namespace Streaming.Ops.Commands;

/// <summary>How tables and coloured lines are written by every program that writes them.</summary>
public static class Tables
{
    private const int RedirectedWidth = 160;

    /// <summary>Fits them to where they go. Called before the first is written.</summary>
    public static void Prepare()
    {
        if (!Console.IsOutputRedirected) return;
        // Spectre colours by TERM alone, and takes a file for a narrow terminal.
        AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        AnsiConsole.Profile.Width = RedirectedWidth;
    }
}
