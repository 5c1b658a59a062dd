using System.Text.RegularExpressions;

namespace Streaming.Replay.Values;

/// <summary>The patterns a mapping may hold.</summary>
internal static class Patterns
{
    /// <summary>NonBacktracking: any pattern runs in time linear in the length of the text.</summary>
    public const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
}
