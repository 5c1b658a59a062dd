namespace Streaming.LocalClickHouse.Statements;

/// <summary>Follows the tokens and tells whether the next one stands in the list of tables after <c>FROM</c> or <c>JOIN</c>.</summary>
internal sealed class TableLists(Tokens s)
{
    /// <summary>Words after which, in the same parentheses, no tables are listed any more.</summary>
    private static readonly string[] Ends = ["SELECT", "WITH", "WHERE", "PREWHERE", "ON", "USING", "BY", "HAVING", "QUALIFY", "LIMIT",
        "OFFSET", "SETTINGS", "VALUES", "IN", "SAMPLE", "FORMAT"];

    private readonly Stack<bool> outer = [];

    /// <summary>Whether the next token stands among tables.</summary>
    public bool Inside { get; private set; }

    /// <summary>Takes the next token.</summary>
    public void Pass(int i)
    {
        var word = s.Word(i);
        if (s.IsSymbol(i, '(') || s.IsSymbol(i, '[') || s.IsSymbol(i, '{'))
        {
            outer.Push(Inside);
            Inside = s.IsSymbol(i, '(') && (s.Word(i - 1) is "FROM" or "JOIN"
                || (Inside && (s.IsSymbol(i - 1, '(') || s.IsSymbol(i - 1, ','))));
        }
        else if (s.IsSymbol(i, ')') || s.IsSymbol(i, ']') || s.IsSymbol(i, '}'))
        {
            Inside = outer.TryPop(out var before) && before;
        }
        else if (word is "FROM" or "JOIN")
        {
            // a IS DISTINCT FROM b compares.
            Inside = s.Word(i - 1) != "DISTINCT";
        }
        else if (Ends.Contains(word))
        {
            Inside = false;
        }
    }
}
