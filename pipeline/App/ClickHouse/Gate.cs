namespace Streaming.App.ClickHouse;

/// <summary>
/// Refuses what the embedded engine does not survive, or what would reach beyond it: everything here was seen to end, hang or corrupt the process,
/// or runs where neither the time limit nor a kill reaches. Pure.
/// </summary>
internal sealed class Gate(SettingRules rules)
{
    /// <summary>The reason for refusing, or null.</summary>
    /// <param name="statement">What came.</param>
    /// <param name="readOnly">Whether the request may only read (HTTP GET, or <c>readonly=1</c>).</param>
    public QueryError? Check(Statement statement, bool readOnly)
    {
        if (readOnly && statement.Kind is StatementKind.InsertData or StatementKind.Write)
        {
            return new QueryError(ErrorCode.Readonly, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.");
        }
        return Verb(statement) ?? Clauses(statement) ?? Functions(statement, 0);
    }

    /// <summary>The same check of functions for the text of <c>VALUES</c>, which may hold expressions.</summary>
    public static QueryError? CheckValues(byte[] data) => Functions(Tokens(data));

    /// <summary>The names a <c>SET</c> statement changes.</summary>
    public static IEnumerable<string> SettingNames(Statement s)
    {
        for (var i = 1; s.Verb == "SET" && s.IsName(i) && s.IsSymbol(i + 1, '='); i++)
        {
            yield return s.Text(i);
            while (i < s.Count && !s.IsSymbol(i, ','))
            {
                i++;
            }
        }
    }

    private static QueryError? Verb(Statement s) => s.Verb switch
    {
        "SYSTEM" when s.Count < 2 || !GateLists.SystemVerbs.Contains(s.Text(1)) =>
            Denied($"SYSTEM {(s.Count > 1 ? s.Text(1).ToUpperInvariant() : "")} is not available in the embedded engine; {string.Join(", ", GateLists.SystemVerbs)} are."),
        "BACKUP" or "RESTORE" => Denied($"{s.Verb} is not available in the embedded engine. Stop it and copy its data directory."),
        "DROP" or "DETACH" or "TRUNCATE" or "KILL" or "UNDROP" when Has(s, "SYNC") || (Has(s, "DELAY") && Has(s, "NO")) =>
            Denied($"{s.Verb} … SYNC never returns in the embedded engine. Leave SYNC out."),
        "DROP" or "DETACH" or "TRUNCATE" or "RENAME" or "EXCHANGE" or "ALTER" or "ATTACH" or "DELETE" or "UPDATE" or "INSERT" when TouchesSystem(s) =>
            Denied("The databases system and information_schema belong to the engine and cannot be changed."),
        "ATTACH" when Has(s, "FROM") => Denied("ATTACH … FROM a path is not available in the embedded engine."),
        "CREATE" when s.Is(1, "TEMPORARY"u8) || s.Is(3, "TEMPORARY"u8) =>
            new QueryError(ErrorCode.SupportIsDisabled, "Temporary tables live in a session, and the embedded engine has none over HTTP."),
        "BEGIN" or "COMMIT" or "ROLLBACK" => new QueryError(ErrorCode.SupportIsDisabled, "Transactions are not available in the embedded engine."),
        _ => null,
    };

    private QueryError? Clauses(Statement s)
    {
        if (s.Kind == StatementKind.InsertData && !GateLists.InputFormats.Contains(s.Format!))
        {
            return new QueryError(ErrorCode.NotImplemented, $"Input format {s.Format} is not available in the embedded engine, which does not survive broken data in it. Native, RowBinary, JSONEachRow, CSV and TabSeparated and their kin are.");
        }
        var defines = s.Verb is "CREATE" or "ATTACH" or "REPLACE";
        for (var i = 0; i < s.Count; i++)
        {
            if ((s.Is(i, "INTO"u8) && s.Is(i + 1, "OUTFILE"u8)) || (s.Is(i, "FROM"u8) && s.Is(i + 1, "INFILE"u8)))
            {
                return Denied("INTO OUTFILE and FROM INFILE name files of the client; over HTTP the data go in the request and the response.");
            }
            if (s.Is(i, "SETTINGS"u8) || (i == 0 && s.Verb == "SET"))
            {
                var error = SettingsFrom(s, i + 1);
                if (error is not null)
                {
                    return error;
                }
            }
            if (defines && s.Is(i, "ENGINE"u8) && s.IsName(s.IsSymbol(i + 1, '=') ? i + 2 : i + 1))
            {
                var name = s.Text(s.IsSymbol(i + 1, '=') ? i + 2 : i + 1);
                if (!GateLists.Engines.Contains(name) && !(name.EndsWith("MergeTree", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Replicated", StringComparison.OrdinalIgnoreCase)))
                {
                    return Denied($"Engine {name} is not available in the embedded engine: its data would live outside, or need a cluster. MergeTree and its kin, {string.Join(", ", GateLists.Engines)} are.");
                }
            }
            if (defines && s.Is(i, "SOURCE"u8) && s.IsSymbol(i + 1, '(') && s.IsName(i + 2) && !GateLists.DictionarySources.Contains(s.Text(i + 2)))
            {
                return Denied($"Dictionary source {s.Text(i + 2)} is not available in the embedded engine; CLICKHOUSE (a table) is.");
            }
        }
        return null;
    }

    /// <summary><c>name = literal, …</c> from <paramref name="i"/> on.</summary>
    private QueryError? SettingsFrom(Statement s, int i)
    {
        for (; s.IsName(i) && s.IsSymbol(i + 1, '=') && i + 2 < s.Count; i += 4)
        {
            var value = s.Is(i + 2, "DEFAULT"u8) ? null : s.IsSymbol(i + 2, '-') && i + 3 < s.Count ? "-" + s.Text(i + 3) : s.Text(i + 2);
            if (rules.Check(s.Text(i), value) is { } error)
            {
                return error;
            }
            if (!s.IsSymbol(i + 3, ','))
            {
                break;
            }
        }
        return null;
    }

    private static QueryError? Functions(Statement s, int from)
    {
        for (var i = from; i + 1 < s.Count; i++)
        {
            if (!s.IsName(i) || !s.IsSymbol(i + 1, '('))
            {
                continue;
            }
            var isTable = s.Verb is "CREATE" or "INSERT" && (s.Is(i - 1, "INTO"u8) || s.Is(i - 1, "TABLE"u8) || s.Is(i - 1, "EXISTS"u8) || s.IsSymbol(i - 1, '.'));
            if (!isTable && Refusal(s.Text(i), s.IsName(i + 2) || i + 2 < s.Count && s[i + 2].Kind == TokenKind.Text ? s.Text(i + 2) : "") is { } error)
            {
                return error;
            }
        }
        return null;
    }

    private static QueryError? Functions(List<(TokenKind Kind, string Text)> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Word or TokenKind.QuotedName && tokens[i + 1] is (TokenKind.Symbol, "(")
                && Refusal(tokens[i].Text, i + 2 < tokens.Count ? tokens[i + 2].Text : "") is { } error)
            {
                return error;
            }
        }
        return null;
    }

    private static QueryError? Refusal(string function, string argument) =>
        GateLists.RefusedFunctions.Contains(function)
            ? Denied($"Function {function} is not available in the embedded engine: it reaches files, programs or other machines from inside it.")
            : function.Equals("format", StringComparison.OrdinalIgnoreCase) && IsUnsafeFormat(argument)
                ? new QueryError(ErrorCode.NotImplemented, $"Input format {argument} is not available in the embedded engine, which does not survive broken data in it.")
                : null;

    /// <summary><c>format(Parquet, '…')</c> reads inline data; <c>format('{}', x)</c> is the function for texts.</summary>
    private static bool IsUnsafeFormat(string argument) =>
        argument.Length > 0 && argument.All(char.IsAsciiLetterOrDigit) && !GateLists.InputFormats.Contains(argument);

    private static List<(TokenKind, string)> Tokens(byte[] data)
    {
        var tokens = new List<(TokenKind, string)>();
        var lexer = new SqlLexer(data);
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            tokens.Add((token.Kind, SqlLexer.Value(data, token)));
        }
        return tokens;
    }

    private static bool Has(Statement s, string keyword)
    {
        for (var i = 1; i < s.Count; i++)
        {
            if (s[i].Kind == TokenKind.Word && s.Text(i).Equals(keyword, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool TouchesSystem(Statement s)
    {
        // An insert's own table stands in the first tokens; what its SELECT reads may be a system table.
        var end = s.Verb == "INSERT" ? Math.Min(s.Count, 5) : s.Count;
        for (var i = 1; i < end; i++)
        {
            if (s.IsName(i) && s.Text(i).ToUpperInvariant() is "SYSTEM" or "INFORMATION_SCHEMA"
                && (s.IsSymbol(i + 1, '.') || s.Is(i - 1, "DATABASE"u8) || s.Is(i - 1, "SCHEMA"u8) || s.Is(i - 1, "EXISTS"u8)))
            {
                return true;
            }
        }
        return false;
    }

    private static QueryError Denied(string message) => new(ErrorCode.AccessDenied, message);
}
