
namespace Streaming.LocalClickHouse.Statements;

/// <summary>Clauses that any statement may have: settings, formats, engines, and those that lead outside. Pure.</summary>
internal static class ClauseRules
{
    /// <summary>What may stand after the settings of a statement or subquery.</summary>
    private static readonly string[] AfterSettings = ["AS", "COMMENT", "EXCEPT", "FORMAT", "INTERSECT", "SELECT", "UNION", "VALUES",
        "WITH"];

    /// <summary>The reason for refusing, or null.</summary>
    public static QueryError? Check(Statement s, SettingRules rules)
    {
        if (s.Kind == StatementKind.InsertData && !GateLists.InputFormats.Contains(s.Format!))
        {
            return InputFormat(s.Format!);
        }
        var defines = s.Verb == "CREATE";
        for (var i = 0; i < s.Count; i++)
        {
            var error = s.Word(i) switch
            {
                "INFILE" or "OUTFILE" => Gate.Denied("INTO OUTFILE and FROM INFILE name files of the client; over HTTP the data go in " +
                    "the request and the response. Put a column of that name in backquotes."),
                "CLUSTER" when s.Is(i - 1, "ON"u8) =>
                    Gate.Denied("ON CLUSTER is not available in the embedded engine, which is one server."),
                "EXPLAIN" when i > 0 => Gate.Denied("EXPLAIN in a subquery is not available in the embedded engine. Put a column of " +
                    "that name in backquotes."),
                "PARALLEL" when s.Is(i + 1, "WITH"u8) =>
                    Gate.Denied("PARALLEL WITH is not available in the embedded engine: one request carries one statement."),
                "DISK" or "VOLUME" when s.Is(i - 1, "TO"u8) => Gate.Denied("The embedded engine has one disk."),
                "SETTINGS" when s.Is(i - 1, "TYPE"u8) => NotPlain(s, i),
                "SETTINGS" when !s.IsSymbol(i - 1, '.') && (s.IsName(i + 1) || s.IsText(i + 1) || s.IsSymbol(i + 1, '{')) =>
                    SettingsFrom(s, i + 1, rules),
                "SETTING" when s.Is(i - 1, "MODIFY"u8) => SettingsFrom(s, i + 1, rules),
                "FORMAT" when s.IsName(i + 1) => Format(s, i),
                "ENGINE" when defines => Engine(s, i + 1),
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }
        return null;
    }

    /// <summary><c>name = literal, …</c> from <paramref name="i"/> on, and nothing that another reader might take for more of it.</summary>
    private static QueryError? SettingsFrom(Statement s, int i, SettingRules rules)
    {
        while (true)
        {
            if (s.Word(i).Length == 0 || !s.IsSymbol(i + 1, '='))
            {
                return NotPlain(s, i);
            }
            if (!s.IsNumber(i + 2) && !s.IsPlainText(i + 2) && s.Word(i + 2) is not "TRUE" and not "FALSE")
            {
                return NotPlain(s, i);
            }
            if (rules.Check(s.Text(i), s.Text(i + 2)) is { } error)
            {
                return error;
            }
            if (!s.IsSymbol(i + 3, ','))
            {
                return i + 3 == s.Count || s.IsSymbol(i + 3, ')') || AfterSettings.Contains(s.Word(i + 3)) ? null : NotPlain(s, i);
            }
            i += 4;
        }
    }

    private static QueryError NotPlain(Statement s, int i) =>
        new(ErrorCode.SettingConstraintViolation, $"Settings are written name = number or name = 'text' in the embedded " +
            $"engine{(i < s.Count ? $" (position {s[i].Start + 1})" : "")}. Put a column called settings in backquotes.");

    /// <summary>A result's format. A column may be called so too: then a word of SQL follows.</summary>
    private static QueryError? Format(Statement s, int i) =>
        s.Kind == StatementKind.InsertData || s.IsSymbol(i - 1, '.')
            || s.Word(i + 1) is "FROM" or "AS" or "IN" or "AND" or "OR" or "LIKE" or "IS" or "NOT" or "DESC" or "ASC"
            ? null
            : Gate.CheckFormat(s.Text(i + 1));

    /// <summary>The engine takes <c>=</c>, <c>==</c> or nothing before the name.</summary>
    private static QueryError? Engine(Statement s, int i)
    {
        while (s.IsSymbol(i, '=')) i++;
        var known = s.Is(1, "DATABASE"u8) ? GateLists.DatabaseEngines : GateLists.Engines;
        return s.IsSymbol(i, '{') || (s.IsName(i) && !known.Contains(s.Text(i)))
            ? Gate.Denied($"Engine {s.Text(i)} is not available in the embedded engine: its data would live outside, " +
                "need a cluster, or be gone after a restart. " +
                $"Available: {string.Join(", ", known)}. Put a column called engine in backquotes.")
            : null;
    }

    public static QueryError InputFormat(string name) =>
        new(ErrorCode.NotImplemented, $"Input format {name} is not available in the embedded engine, which does not survive broken data " +
            "in it. Native, RowBinary, JSONEachRow, CSV and TabSeparated and their kin are.");
}
