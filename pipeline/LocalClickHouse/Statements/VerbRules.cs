namespace Streaming.LocalClickHouse.Statements;

/// <summary>Which kinds of statement there are, and what their first words may be. Pure.</summary>
internal static class VerbRules
{
    private static readonly string[] Shown = ["COLUMNS", "CREATE", "DATABASES", "ENGINES", "EXTENDED", "FIELDS", "FULL", "FUNCTIONS",
        "INDEX", "INDEXES", "INDICES", "KEYS", "SETTINGS", "TABLES"];
    private static readonly string[] Explained = ["AST", "ESTIMATE", "PIPELINE", "PLAN", "QUERY TREE", "SYNTAX"];
    private static readonly string[] Selects = ["SELECT", "WITH"];
    private static readonly string[] SystemPhrases = ["FLUSH LOGS", "REFRESH VIEW", "START MERGES", "START TTL", "START VIEW",
        "START VIEWS", "STOP MERGES", "STOP TTL", "STOP VIEW", "STOP VIEWS"];

    private static readonly string[] Alterations =
    [
        "ADD COLUMN", "ADD CONSTRAINT", "ADD INDEX", "ADD PROJECTION", "CLEAR COLUMN", "CLEAR INDEX", "CLEAR PROJECTION", "COMMENT COLUMN",
            "DROP COLUMN",
        "DROP CONSTRAINT", "DROP INDEX", "DROP PARTITION", "DROP PART", "DROP PROJECTION", "MATERIALIZE COLUMN", "MATERIALIZE INDEX",
        "MATERIALIZE PROJECTION", "MATERIALIZE TTL", "MODIFY COLUMN", "MODIFY COMMENT", "MODIFY REFRESH", "MODIFY SETTING", "MODIFY TTL",
        "RENAME COLUMN", "RESET SETTING", "REMOVE TTL", "REPLACE PARTITION",
    ];

    /// <summary>The reason for refusing, or null.</summary>
    public static QueryError? Check(Statement s) => s.Verb switch
    {
        "SELECT" or "WITH" or "FROM" => null,
        "" when s.IsSymbol(0, '(') => null,
        "SHOW" when Shown.Contains(s.Word(1)) => s.Is(1, "CREATE"u8) ? ShowCreate(s) : null,
        "DESCRIBE" or "DESC" => null,
        "EXISTS" when s.Word(1) is "TABLE" or "VIEW" or "DATABASE" || s.AfterName(1) == s.Count => null,
        "CHECK" when s.Is(1, "TABLE"u8) => null,
        "EXPLAIN" => Explain(s),
        "INSERT" when s.Is(1, "INTO"u8) && !s.Is(2, "FUNCTION"u8) && !(s.Is(2, "TABLE"u8) && s.Is(3, "FUNCTION"u8)) => Insert(s),
        "CREATE" => Create(s),
        "ALTER" => Alter(s),
        "DROP" or "TRUNCATE" => Drop(s),
        "RENAME" when s.Is(1, "TABLE"u8) => null,
        "EXCHANGE" when s.Is(1, "TABLES"u8) => null,
        "OPTIMIZE" when s.Is(1, "TABLE"u8) => null,
        "DELETE" when s.Is(1, "FROM"u8) => null,
        "KILL" when s.Is(1, "MUTATION"u8) => Waiting(s),
        "KILL" => Waiting(s) ?? (KilledQuery(s) is null
            ? Gate.Denied("KILL takes QUERY WHERE query_id = 'id' and MUTATION WHERE … in the embedded engine.")
            : null),
        "SYSTEM" when SystemPhrases.Contains($"{s.Word(1)} {s.Word(2)}") => null,
        "SYSTEM" => Gate.Denied($"SYSTEM {s.Word(1)} {s.Word(2)} is not available in the embedded engine; " +
            $"{string.Join(", ", SystemPhrases)} are."),
        "SET" or "USE" => new QueryError(ErrorCode.SupportIsDisabled,
            $"{s.Verb} changes a session, and the embedded engine has none over HTTP: put settings and database into the URL, or " +
            "settings into the statement (SETTINGS name = value)."),
        "BEGIN" or "COMMIT" or "ROLLBACK" =>
            new QueryError(ErrorCode.SupportIsDisabled, "Transactions are not available in the embedded engine."),
        "BACKUP" or "RESTORE" => Gate.Denied($"{s.Verb} is not available in the embedded engine. Stop it and copy its data directory."),
        _ when !Verbs.Contains(s.Verb) =>
            new QueryError(ErrorCode.SyntaxError, $"Syntax error: failed at position {s[0].Start + 1} ({s.Text(0)}): no statement of " +
            "the embedded engine begins with this word."),
        _ => Gate.Denied($"{s.Verb} {s.Word(1)} is not available in the embedded engine."),
    };

    /// <summary>The id in <c>KILL QUERY WHERE query_id = 'id' [ASYNC]</c>; null when the statement is another.</summary>
    public static string? KilledQuery(Statement s) =>
        s.Is(0, "KILL"u8) && s.Is(1, "QUERY"u8) && s.Is(2, "WHERE"u8) && s.Is(3, "query_id"u8) && s.IsSymbol(4, '=') && s.IsPlainText(5)
            && s.AfterName(6) == s.Count && (s.Count == 6 || s.Is(6, "ASYNC"u8))
            ? s.Text(5)
            : null;

    /// <summary>Verbs of ClickHouse that are refused as statements, so that another first word is a syntax error.</summary>
    private static readonly string[] Verbs =
    [
        "ALTER", "ATTACH", "CHECK", "CREATE", "DELETE", "DETACH", "DROP", "EXCHANGE", "EXECUTE", "EXISTS", "EXPLAIN", "GRANT", "INSERT",
            "KILL", "MOVE", "OPTIMIZE",
        "RENAME", "REPLACE", "REVOKE", "SHOW", "SYSTEM", "TRUNCATE", "UNDROP", "UPDATE", "WATCH",
    ];

    /// <summary>Before data stand a table and names of columns, and nothing that could be a query.</summary>
    private static QueryError? Insert(Statement s)
    {
        if (s.Kind != StatementKind.InsertData)
        {
            return null;
        }
        var at = s.AfterName(s.Is(2, "TABLE"u8) && s.IsName(3) ? 3 : 2);
        if (s.IsSymbol(at, '('))
        {
            do
            {
                at = s.AfterName(at + 1);
            }
            while (s.IsSymbol(at, ','));
            at += s.IsSymbol(at, ')') ? 1 : 0;
        }
        return s.Word(at) is "SETTINGS" or "FORMAT" or "VALUES"
            ? null
            : Gate.Denied("An INSERT with data names a table and, in parentheses, columns in the embedded engine.");
    }

    private static QueryError? ShowCreate(Statement s) =>
        s.Word(2) is "TABLE" or "VIEW" or "DATABASE" || s.AfterName(2) == s.Count || s.Is(s.AfterName(2), "FORMAT"u8)
            ? null
            : Gate.Denied($"SHOW CREATE {s.Word(2)} is not available in the embedded engine.");

    /// <summary>A kind, options with numbers, and a query.</summary>
    private static QueryError? Explain(Statement s)
    {
        var at = Explained.Contains(s.Word(1)) ? 2 : Explained.Contains($"{s.Word(1)} {s.Word(2)}") ? 3 : 1;
        while (s.IsName(at) && s.IsSymbol(at + 1, '=') && s.IsNumber(at + 2))
        {
            at += s.IsSymbol(at + 3, ',') ? 4 : 3;
        }
        return s.IsSymbol(at, '(') || Selects.Contains(s.Word(at))
            ? null
            : Gate.Denied("EXPLAIN takes AST, SYNTAX, QUERY TREE, PLAN, PIPELINE or ESTIMATE, options with numbers, and a SELECT in the " +
                "embedded engine.");
    }

    private static QueryError? Create(Statement s)
    {
        var at = s.Is(1, "OR"u8) && s.Is(2, "REPLACE"u8) ? 3 : 1;
        if (s.Is(at, "TEMPORARY"u8))
        {
            return new QueryError(ErrorCode.SupportIsDisabled, "Temporary tables live in a session, and the embedded engine has none " +
                "over HTTP.");
        }
        return s.Word(at) is "DATABASE" or "TABLE" or "VIEW" || (s.Is(at, "MATERIALIZED"u8) && s.Is(at + 1, "VIEW"u8))
            ? null
            : Gate.Denied($"CREATE {s.Word(at)} is not available in the embedded engine; DATABASE, TABLE, VIEW and MATERIALIZED VIEW are.");
    }

    private static QueryError? Drop(Statement s)
    {
        var at = s.Word(1) is "TABLE" or "VIEW" or "DATABASE" ? 1 : s.Verb == "TRUNCATE" ? 0 : -1;
        if (at < 0)
        {
            return Gate.Denied($"DROP {s.Word(1)} is not available in the embedded engine; DATABASE, TABLE and VIEW are.");
        }
        var name = s.Is(at + 1, "IF"u8) ? at + 3 : at + 1;
        return s.Is(1, "DATABASE"u8) && s.IsName(name) && s.Text(name) == "default"
            ? Gate.Denied("The database default cannot be dropped: connections begin in it.")
            : Waiting(s);
    }

    private static QueryError? Waiting(Statement s) =>
        s.Has("SYNC"u8) || (s.Has("DELAY"u8) && s.Has("NO"u8))
            ? Gate.Denied($"{s.Verb} … SYNC never returns in the embedded engine. Leave SYNC out.")
            : null;

    /// <summary>Commands one after another; after <c>UPDATE</c> and <c>SETTING</c> a
    /// comma may also bring the next <c>name = value</c>.</summary>
    private static QueryError? Alter(Statement s)
    {
        if (!s.Is(1, "TABLE"u8))
        {
            return Gate.Denied($"ALTER {s.Word(1)} is not available in the embedded engine; TABLE is.");
        }
        var depth = 0;
        var list = false;
        for (var at = s.AfterName(s.Is(2, "IF"u8) ? 4 : 2); at < s.Count; at++)
        {
            if (!IsCommand(s, at) && !(list && s.IsSymbol(s.AfterName(at), '=')))
            {
                return Gate.Denied($"ALTER TABLE … {s.Word(at)} {s.Word(at + 1)} is not available in the embedded engine.");
            }
            list |= s.Is(at, "UPDATE"u8) || s.Is(at + 1, "SETTING"u8);
            for (; at < s.Count && !(depth == 0 && s.IsSymbol(at, ',')); at++)
            {
                depth += s.IsSymbol(at, '(') || s.IsSymbol(at, '[') || s.IsSymbol(at, '{') ? 1 : s.IsSymbol(at, ')') || s.IsSymbol(at, ']')
                    || s.IsSymbol(at, '}') ? -1 : 0;
            }
        }
        return null;
    }

    private static bool IsCommand(Statement s, int at) =>
        Alterations.Contains($"{s.Word(at)} {s.Word(at + 1)}") || s.Word(at) is "UPDATE"
            || (s.Is(at, "DELETE"u8) && s.Is(at + 1, "WHERE"u8));
}
