namespace Streaming.Common.CommandLine;

/// <summary>Exit codes; the same in every program.</summary>
public static class ExitCodes
{
    /// <summary>The command did what it was asked, or was stopped by a signal.</summary>
    public const int Done = 0;

    /// <summary>The command failed at run time.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong, or name what cannot be used (a
    /// file, a folder, a port, a server); nothing was begun.</summary>
    public const int WrongUsage = 2;
}
