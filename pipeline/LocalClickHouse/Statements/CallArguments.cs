namespace Streaming.LocalClickHouse.Statements;

/// <summary>The arguments between the parentheses of a call, each as <c>[From, To)</c> in tokens. Pure.</summary>
internal static class CallArguments
{
    /// <summary>Reads them.</summary>
    /// <param name="s">The statement.</param>
    /// <param name="open">Where the parenthesis opens.</param>
    public static List<(int From, int To)> Of(Tokens s, int open)
    {
        var arguments = new List<(int, int)>();
        var (depth, from) = (0, open + 1);
        for (var i = open + 1; i < s.Count; i++)
        {
            if (depth == 0 && (s.IsSymbol(i, ',') || s.IsSymbol(i, ')')))
            {
                arguments.Add((from, i));
                from = i + 1;
            }
            if (s.IsSymbol(i, '(') || s.IsSymbol(i, '[') || s.IsSymbol(i, '{'))
            {
                depth++;
            }
            else if ((s.IsSymbol(i, ')') || s.IsSymbol(i, ']') || s.IsSymbol(i, '}')) && --depth < 0)
            {
                break;
            }
        }
        return arguments;
    }
}
