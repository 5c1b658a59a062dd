namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// Estimates the work of analysing a query after its aliases and names are expanded. The engine copies an alias, a common table expression
/// and
/// the columns of <c>*</c> wherever they are used, resolves nested lambdas again on each level, and looks at no clock meanwhile. Pure.
/// </summary>
/// <remarks>
/// The tokens are walked as the engine would: at each use of a name, everything of that name is walked too. A doubtful case is counted: a
/// name means all of that name but those in other parts of a <c>UNION</c>, whatever their scope.
/// </remarks>
internal sealed class ExpansionRules
{
    /// <summary>Most that a statement may cost: a token copied costs 1, a SELECT 30, a JOIN 200.</summary>
    public const int MaxCost = 10_000;

    /// <summary>Most lambdas inside one another, and most names that lead from one to the next.</summary>
    public const int MaxLambdas = 10, MaxChain = 100;

    private const int SelectCost = 30, JoinCost = 200;

    private readonly Tokens s;
    private readonly QueryOutline outline;
    private readonly HashSet<(int, int, Copy)> open = [];
    private int lambdas;

    private ExpansionRules(Tokens s) => (this.s, outline) = (s, new QueryOutline(s));

    /// <summary>What the statement costs so far; more than <see cref="MaxCost"/> when it is too much.</summary>
    public int Cost { get; private set; }

    /// <summary>The reason for refusing, or null.</summary>
    public static QueryError? Check(Tokens s)
    {
        if (s.Find("SELECT"u8) < 0 && s.Find("FROM"u8) < 0)
        {
            return null;
        }
        if (QueryOutline.Misplaced(s) is { } word)
        {
            return Gate.Denied($"{s.Text(word)} stands where a name would (position {s[word].Start + 1}). Put a column of that name in " +
                "backquotes.");
        }
        var walked = Of(s);
        return walked.Cost > MaxCost ? TooMuch("use of its aliases, common table expressions and * copies too much, or it joins too many")
            : walked.lambdas > MaxLambdas ? TooMuch($"lambdas stand inside one another more than {MaxLambdas} deep")
            : null;
    }

    /// <summary>Walks a statement to its end, or until it costs too much.</summary>
    public static ExpansionRules Of(Tokens s)
    {
        var walk = new ExpansionRules(s);
        walk.Walk(walk.outline.Begin, s.Count, Copy.None, 0, 0);
        return walk;
    }

    private static QueryError TooMuch(string why) =>
        new(ErrorCode.TooBigAst, $"The query is too large to be analysed here: {why}. Split it, or use views.");

    private void Walk(int from, int to, Copy copy, int chain, int depth)
    {
        for (var i = from; i < to && Cost <= MaxCost; i++)
        {
            if (copy is Copy.Columns or Copy.Sources && outline.IsSubquery(i))
            {
                if (copy == Copy.Sources) Follow(outline.Inside(i), Copy.Columns, chain, depth);
                i = outline.Inside(i).To;
                continue;
            }
            var inner = depth + outline.Lambdas(i);
            lambdas = Math.Max(lambdas, inner);
            Cost += CostOf(i, copy);
            if (outline.IsStar(i) && copy != Copy.Sources)
            {
                Follow(outline.Bracket(i), Copy.Sources, chain, inner);
            }
            else if (outline.IsUse(i))
            {
                foreach (var meaning in outline.Meanings(i))
                {
                    Follow(meaning, copy is Copy.None or Copy.Whole ? Copy.Whole : Copy.Columns, chain, inner);
                }
            }
        }
    }

    private int CostOf(int i, Copy copy) => copy switch
    {
        Copy.None or Copy.Whole when s.Is(i, "SELECT"u8) => SelectCost,
        Copy.None or Copy.Whole when s.Is(i, "JOIN"u8) => JoinCost,
        Copy.Whole or Copy.Columns => 1,
        _ => 0,
    };

    private void Follow((int From, int To) meaning, Copy copy, int chain, int depth)
    {
        if (Cost <= MaxCost && open.Add((meaning.From, meaning.To, copy)))
        {
            Cost += chain >= MaxChain ? MaxCost : 0;
            Walk(meaning.From, meaning.To, copy, chain + 1, depth);
            open.Remove((meaning.From, meaning.To, copy));
        }
    }

    /// <summary>What of the tokens is copied.</summary>
    private enum Copy
    {
        /// <summary>Nothing: they stand there.</summary>
        None,

        /// <summary>All: what a name was given to.</summary>
        Whole,

        /// <summary>What a subquery selects.</summary>
        Columns,

        /// <summary>What the tables around a <c>*</c> have for columns.</summary>
        Sources,
    }
}
