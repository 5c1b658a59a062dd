using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>Names by which the engine opens files and pipes of this process, and the clauses that name them.</summary>
internal static partial class EngineFiles
{
    /// <summary>The path of an open file. It works for files without a name and for pipes.</summary>
    public static string PathOf(SafeHandle handle) => "/proc/self/fd/" + handle.DangerousGetHandle();

    /// <summary>The clause that sends a result to <paramref name="path"/>.</summary>
    public static string ResultClause(string path) => $" INTO OUTFILE '{path}' APPEND ";

    /// <summary>The clause that takes an insert's data from <paramref name="path"/>.</summary>
    public static string SourceClause(string path) => $" FROM INFILE '{path}' ";

    /// <summary>Takes paths and clauses out of the engine's message: the client did not write them.</summary>
    public static string Hide(string message)
    {
        if (!message.Contains("/proc/self/fd/", StringComparison.Ordinal))
        {
            return message;
        }
        message = PlaceInFile().Replace(message, "");
        message = StoppedAtClause().Replace(message, "(end of query)");
        return Clause().Replace(message, "");
    }

    [GeneratedRegex(@":? \(in file/uri /proc/self/fd/\d+\)")]
    private static partial Regex PlaceInFile();

    /// <summary>A syntax error right before our clause: for the client that is the end of what it wrote.</summary>
    [GeneratedRegex(@"\((INTO|FROM)\): (?=(INTO OUTFILE|FROM INFILE) '/proc/self/fd/)")]
    private static partial Regex StoppedAtClause();

    [GeneratedRegex(@" ?(INTO OUTFILE|FROM INFILE) '/proc/self/fd/\d+'( APPEND)?( FORMAT `\w+`)? ?")]
    private static partial Regex Clause();
}
