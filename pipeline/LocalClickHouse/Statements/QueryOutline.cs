namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// Where names are given and used in the tokens of a query, without a grammar: a doubtful name counts as both. Pure.
/// </summary>
internal sealed class QueryOutline
{
    /// <summary>Words that end what a name was given to.</summary>
    private static readonly HashSet<string> Clauses = ["BY", "FROM", "HAVING", "JOIN", "LIMIT", "OFFSET", "ON", "PREWHERE", "QUALIFY",
        "SELECT", "UNION", "USING", "WHERE", "WITH"];

    /// <summary>Operators that are words; on both sides stand operands.</summary>
    private static readonly HashSet<string> Operators = ["AND", "BETWEEN", "DIV", "ELSE", "ILIKE", "LIKE", "MOD", "OR", "REGEXP", "THEN",
        "WHEN"];

    /// <summary>Other words before which no operand ends.</summary>
    private static readonly HashSet<string> Openers = ["ALL", "AS", "DISTINCT", "IN"];

    /// <summary>Words that the engine never takes for an alias without AS.</summary>
    private static readonly HashSet<string> NoAlias = ["ALL", "AND", "ANTI", "ANY", "ARRAY", "AS", "ASOF", "BETWEEN", "CROSS", "DIV",
        "ELSE", "EXCEPT", "FILTER", "FINAL", "FORMAT", "FROM", "FULL", "GLOBAL", "GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT",
        "INTO", "JOIN", "LEFT", "LIKE", "LIMIT", "MOD", "NOT", "OFFSET", "ON", "ONLY", "OR", "ORDER", "OVER", "PARALLEL", "PASTE",
        "PREWHERE", "QUALIFY", "REGEXP", "RIGHT", "SAMPLE", "SEMI", "SETTINGS", "UNION", "USING", "WHERE", "WINDOW", "WITH"];

    private readonly Tokens s;
    private readonly int[] parents;
    private readonly int[] ends;
    private readonly int[] parts;
    private readonly int[] lambdas;
    private readonly int[] cases;
    private readonly Dictionary<string, List<(int From, int To)>> given = new(StringComparer.Ordinal);

    /// <summary>Bodies of common table expressions: what they name is seen in every part of a UNION.</summary>
    private readonly List<(int From, int To)> bodies = [];

    public QueryOutline(Tokens s)
    {
        this.s = s;
        (parents, ends, parts) = (new int[s.Count], new int[s.Count], new int[s.Count]);
        (lambdas, cases) = (new int[s.Count], new int[s.Count]);
        Nest();
        Begin = Enumerable.Range(0, s.Count).FirstOrDefault(i => s.Word(i) is "SELECT" or "WITH" or "FROM");
        for (var i = Begin; i < s.Count; i++)
        {
            Give(i);
        }
    }

    /// <summary>Where the query begins.</summary>
    public int Begin { get; }

    /// <summary>A clause or operator where an operand is awaited: the engine would take it for a name, and a word after it for another.
    /// Null when there is none.</summary>
    public static int? Misplaced(Tokens s)
    {
        for (var i = 1; i < s.Count; i++)
        {
            var word = s.Word(i);
            if ((Clauses.Contains(word) || Operators.Contains(word)) && (IsOperator(s, i - 1)
                || (Operators.Contains(s.Word(i - 1)) && !s.IsSymbol(i - 2, '.'))
                || (s.Word(i - 1) is "NOT" or "CASE" or "INTERVAL" && (Clauses.Contains(word) || word is "AND" or "OR" or "DIV" or "MOD"))))
            {
                return i;
            }
        }
        return null;
    }

    /// <summary>How many lambdas this position is inside of.</summary>
    public int Lambdas(int i) => lambdas[i];

    /// <summary>The inside of the brackets around this position.</summary>
    public (int From, int To) Bracket(int i) => parents[i] < 0 ? (Begin, s.Count) : (parents[i] + 1, ends[parents[i]]);

    /// <summary>Whether a subquery's bracket opens here.</summary>
    public bool IsSubquery(int i) => s.IsSymbol(i, '(') && s.Word(i + 1) is "SELECT" or "WITH" or "FROM";

    /// <summary>The inside of the bracket that opens here.</summary>
    public (int From, int To) Inside(int bracket) => (bracket + 1, ends[bracket]);

    /// <summary>Whether this stands for columns: <c>*</c> that is no product, or <c>COLUMNS(…)</c>.</summary>
    public bool IsStar(int i) => (s.IsSymbol(i, '*') && !(EndsOperand(s, i - 1) && BeginsOperand(i + 1))) || s.Is(i, "COLUMNS"u8);

    /// <summary>Whether this may be a use of a name.</summary>
    public bool IsUse(int i) => s.IsName(i) && !s.Is(i - 1, "AS"u8) && !IsGrammar(i);

    /// <summary>What the name at this position may mean.</summary>
    public IEnumerable<(int From, int To)> Meanings(int i) =>
        given.TryGetValue(s.Text(i), out var all)
            ? all.Where(m => bodies.Any(b => m.From >= b.From && m.To <= b.To) || Together(i, m.From))
            : [];

    private static bool IsOperator(Tokens s, int i) =>
        s.IsSymbol(i, '*')
            ? EndsOperand(s, i - 1)
            : "+-/%=<>|?!".Any(c => s.IsSymbol(i, c)) || (s.IsSymbol(i, ':') && s.IsSymbol(i - 1, ':'));

    private static bool EndsOperand(Tokens s, int i) =>
        s.IsNumber(i) || s.IsText(i) || s.IsSymbol(i, ')') || s.IsSymbol(i, ']') || s.IsSymbol(i, '}')
        || (s.IsName(i) && (s.IsSymbol(i - 1, '.')
            || !(Clauses.Contains(s.Word(i)) || Operators.Contains(s.Word(i)) || Openers.Contains(s.Word(i)))));

    /// <summary>After a product's sign.</summary>
    private bool BeginsOperand(int i) => s.IsNumber(i) || s.IsText(i) || "([{-+".Any(c => s.IsSymbol(i, c))
        || (s.IsName(i) && !Clauses.Contains(s.Word(i)) && s.Word(i) is not ("APPLY" or "AS" or "EXCEPT" or "REPLACE" or "ORDER" or "GROUP"
            or "INTERSECT" or "WINDOW" or "SETTINGS" or "FORMAT"));

    /// <summary>Words that name nothing here: the unit in <c>INTERVAL 1 DAY</c>, <c>IS NOT NULL</c>, the words of a <c>CASE</c>.</summary>
    private bool IsGrammar(int i) => (s.Is(i - 2, "INTERVAL"u8) && (s.IsNumber(i - 1) || s.IsText(i - 1)))
        || (s.Is(i, "IS"u8) && s.Word(i + 1) is "NULL" or "NOT")
        || (s.Is(i, "NULL"u8) && s.Word(i - 1) is "IS" or "NOT")
        || (s.Word(i) is "WHEN" or "THEN" or "ELSE" or "END" && cases[i] > 0);

    private void Nest()
    {
        var stack = new Stack<(int Bracket, int Part, bool Lambda, int Cases)>();
        var (bracket, part, lambda, open, depth, made) = (-1, 0, false, 0, 0, 0);
        for (var i = 0; i < s.Count; i++)
        {
            if ((s.IsSymbol(i, ')') || s.IsSymbol(i, ']') || s.IsSymbol(i, '}')) && stack.Count > 0)
            {
                ends[bracket] = i;
                depth -= lambda ? 1 : 0;
                (bracket, part, lambda, open) = stack.Pop();
            }
            if (s.IsSymbol(i, ',') && lambda)
            {
                (lambda, depth) = (false, depth - 1);
            }
            part = IsUnion(i) ? ++made : part;
            (parents[i], parts[i], lambdas[i], cases[i], ends[i]) = (bracket, part, depth, open, s.Count);
            open += s.Is(i, "CASE"u8) ? 1 : s.Is(i, "END"u8) && open > 0 ? -1 : 0;
            if (s.IsSymbol(i, '>') && s.IsSymbol(i - 1, '-') && !lambda)
            {
                (lambda, depth) = (true, depth + 1);
            }
            if (s.IsSymbol(i, '(') || s.IsSymbol(i, '[') || s.IsSymbol(i, '{'))
            {
                stack.Push((bracket, part, lambda, open));
                (bracket, part, lambda, open) = (i, 0, false, 0);
            }
        }
    }

    private bool IsUnion(int i)
    {
        var next = s.Word(i + 1) is "ALL" or "DISTINCT" ? i + 2 : i + 1;
        return s.Is(i, "UNION"u8) && EndsOperand(s, i - 1) && (s.IsSymbol(next, '(') || s.Word(next) is "SELECT" or "WITH" or "FROM");
    }

    /// <summary>Whether no UNION parts two positions.</summary>
    private bool Together(int a, int b)
    {
        var seen = new Dictionary<int, int>();
        for (; a >= 0; a = parents[a])
        {
            seen[parents[a]] = parts[a];
        }
        while (!seen.ContainsKey(parents[b]))
        {
            b = parents[b];
        }
        return seen[parents[b]] == parts[b];
    }

    private void Give(int i)
    {
        if (s.Is(i, "AS"u8) && s.IsName(i + 1) && !s.IsSymbol(i - 1, '.'))
        {
            Add(s.Text(i + 1), i);
        }
        if (s.Is(i, "AS"u8))
        {
            var body = s.Word(i + 1) == "MATERIALIZED" ? i + 2 : s.Is(i + 1, "NOT"u8) ? i + 3 : i + 1;
            var name = s.IsSymbol(i - 1, ')') ? OpeningOf(i - 1) - 1 : i - 1;
            if (s.IsSymbol(body, '(') && s.IsName(name))
            {
                bodies.Add((body + 1, ends[body]));
                Add(s.Text(name), bodies[^1]);
            }
        }
        else if (s.IsName(i) && EndsOperand(s, i - 1) && !NoAlias.Contains(s.Word(i)) && !IsGrammar(i)
            && !(s.Is(i, "SELECT"u8) && (BeginsOperand(i + 1) || s.IsSymbol(i + 1, '*'))))
        {
            Add(s.Text(i), i);
        }
    }

    /// <summary>The name of what ends before <paramref name="end"/>. The name of a
    /// table or subquery after FROM or JOIN is no copy.</summary>
    private void Add(string name, int end)
    {
        var from = end;
        while (from - 1 >= Begin && parents[from - 1] == parents[end] && !s.IsSymbol(from - 1, ',')
            && !(Clauses.Contains(s.Word(from - 1)) && !s.Is(from - 2, "AS"u8) && !s.IsSymbol(from - 2, '.')))
        {
            from = ")]}".Any(c => s.IsSymbol(from - 1, c)) ? OpeningOf(from - 1) : from - 1;
        }
        if (!(s.IsSymbol(from, '(') && s.Word(from - 1) is "FROM" or "JOIN"))
        {
            Add(name, (from, end));
        }
    }

    private int OpeningOf(int close) => Math.Max(0, close > 0 && ends[close - 1] == close ? close - 1 : parents[Math.Max(0, close - 1)]);

    private void Add(string name, (int From, int To) meaning)
    {
        foreach (var part in name.Split('.').Append(name).Distinct())
        {
            if (!given.TryGetValue(part, out var all))
            {
                given[part] = all = [];
            }
            if (meaning.To > meaning.From) all.Add(meaning);
        }
    }
}
