using System.Text.RegularExpressions;

namespace Streaming.Replay.Values;

/// <summary>The patterns a mapping may hold.</summary>
internal static class Patterns
{
    /// <summary>They run in time linear in the text, whatever they say.</summary>
    public const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
}
