using System.Text;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>Which names are allowed: functions that are called or handed over, tables of the
/// engine's own databases, parameters that become names. Pure.</summary>
internal static class NameRules
{
    private const StringComparison Loose = StringComparison.OrdinalIgnoreCase;

    /// <summary>What parts the words of a type.</summary>
    private static readonly char[] NotOfNames = [' ', ',', '(', ')', '.'];

    /// <summary>The reason for refusing, or null.</summary>
    public static QueryError? Check(Tokens s, Caller caller, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var target = TargetName(s);
        var lists = new TableLists(s);
        for (var i = 0; i < s.Count; i++)
        {
            var error = s.IsName(i) ? Name(s, i, caller, i == target, parameters)
                : s.IsSymbol(i, '{') ? Parameter(s, i, parameters)
                : (s.IsText(i) || s.IsNumber(i) || s.IsSymbol(i, '}')) && s.IsSymbol(i + 1, '(')
                    ? Gate.Denied("Only a name can be called as a function.")
                : s.IsText(i) ? TextAsName(s, i, lists.Inside)
                : null;
            lists.Pass(i);
            if (error is not null)
            {
                return error;
            }
        }
        return null;
    }

    /// <summary>Whether this is one of the engine's own databases.</summary>
    public static bool IsSystem(string name) => name.Equals("system", Loose) || name.Equals("information_schema", Loose);

    /// <summary>Whether the engine may take this for a function that is allowed.</summary>
    public static bool IsFunction(string name) => GateLists.Functions.Contains(name) || IsCombined(name);

    private static QueryError? Name(Tokens s, int i, Caller caller, bool isTarget, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var name = s.Text(i);
        var isColumn = isTarget || InColumnList(s, i);
        if ((IsRefused(name) && !s.IsSymbol(i - 1, '.') && !isColumn)
            || (s[i].Kind == TokenKind.QuotedName && name.Contains('(') && name.Split(NotOfNames).Any(IsRefused)))
        {
            return Denied(name);
        }
        if ((isColumn ? null : TextNames.Check(s, i, caller) ?? (caller == Caller.Reader ? ReaderRules.Check(s, i, parameters) : null))
            is { } error)
        {
            return error;
        }
        if (s.IsSymbol(i + 1, '(') && !isTarget && !IsNewName(s, i))
        {
            return s.IsSymbol(i - 1, '.') ? Denied(name) : name.Equals("format", Loose)
                ? Format(s, i, caller)
                : name.Equals("values", Loose) ? Columns(s, i + 2, caller) : IsKnown(s, i, name) ? null : Denied(name);
        }
        return IsSystem(name) ? i == 0 ? null : System(s, i, caller)
            : IsSystem(name.Split('.')[0]) ? Gate.Denied("Write a table of the engine's own databases as database.table, without quotes " +
                "around both.")
            : null;
    }

    /// <summary>The engine takes a text for a table's name too.</summary>
    private static QueryError? TextAsName(Tokens s, int i, bool amongTables) =>
        s.IsSymbol(i + 1, '.') || (amongTables && s.IsSymbol(i - 1, ',')) || s.Word(i - 1) is "DATABASE" or "TABLE" or "TABLES" or "VIEW"
            or "INTO" or "EXISTS" or "TO" or "DESCRIBE" or "DESC"
            || (s.Word(i - 1) is "FROM" or "JOIN" && !IsPlainName(s, i))
            || (s.IsSymbol(i - 1, '(') && BeforeParentheses(s, i) is "FROM" or "JOIN" or "DESCRIBE" or "DESC" or "TABLE")
            ? Gate.Denied("Names are written bare or in backquotes in the embedded engine.")
            : null;

    /// <summary>The word before the parentheses that open right before this position.</summary>
    private static string BeforeParentheses(Tokens s, int i)
    {
        while (s.IsSymbol(i - 1, '(')) i--;
        return s.Word(i - 1);
    }

    private static bool IsPlainName(Tokens s, int i) =>
        s.IsPlainText(i) && s.Text(i) is var name && !name.Any(c => c is '`' or '"' or '(' or ')') && !IsSystem(name.Split('.')[0])
        && !GateLists.RefusedFunctions.Contains(name);

    private static QueryError Denied(string name) => Gate.Denied(
        $"Function {name} is not available in the embedded engine: either there is none, or it reaches beyond the tables here. A column " +
            $"of that name is written with its table, as in t.{name}.");

    private static bool IsKnown(Tokens s, int i, string name) =>
        GateLists.Words.Contains(name) || GateLists.Types.Contains(name)
        || GateLists.Functions.Contains(name) || GateLists.TableFunctions.Contains(name) || GateLists.Views.Contains(name)
        || (s.Is(0, "CREATE"u8) && GateLists.Engines.Contains(name)
            && (s.Is(i - 1, "ENGINE"u8) || (s.IsSymbol(i - 1, '=') && s.Is(i - 2, "ENGINE"u8))))
        || IsCombined(name);

    private static bool IsRefused(string name) =>
        GateLists.RefusedFunctions.Contains(name) || GateLists.RefusedAggregates.Any(f => IsEnding(name, f));

    /// <summary>Whether the name is this aggregate function with one or more endings.</summary>
    private static bool IsEnding(string name, string function) =>
        name.Equals(function, Loose) || (name.Length > function.Length
            && GateLists.Combinators.Any(e => name.EndsWith(e, Loose) && IsEnding(name[..^e.Length], function)));

    /// <summary>An aggregate function with one or more endings: <c>sumIf</c>, <c>uniqStateIf</c>.</summary>
    private static bool IsCombined(string name)
    {
        foreach (var ending in GateLists.Combinators)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal)
                && name[..^ending.Length] is var function && (GateLists.Functions.Contains(function) || IsCombined(function)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// <c>format('{}', x)</c> is the function for texts. <c>format(JSONEachRow, 'columns', 'rows')</c> reads inline data: columns may have
    /// defaults, and rows of Values expressions, so that the first are looked through and the second not taken.
    /// </summary>
    private static QueryError? Format(Tokens s, int i, Caller caller)
    {
        if (s.IsPlainText(i + 2) && s.Text(i + 2).Contains('{') && s.IsSymbol(i + 3, ','))
        {
            return null;
        }
        if ((s.Word(i + 2).Length == 0 && !s.IsPlainText(i + 2)) || !s.IsSymbol(i + 3, ','))
        {
            return Gate.Denied("format takes a plain literal first in the embedded engine: a pattern such as '{} {}', or the name of an " +
                "input format.");
        }
        var format = s.Text(i + 2);
        return caller == Caller.Reader ? Gate.Denied("Table function format is the owner's in the embedded engine.")
            : !GateLists.InputFormats.Contains(format) || format.Equals("Values", Loose) ? ClauseRules.InputFormat(format)
            : s.IsText(i + 4) && s.IsSymbol(i + 5, ')') ? null
            : s.IsText(i + 6) && s.IsSymbol(i + 7, ')') ? Columns(s, i + 4, caller)
            : Gate.Denied("format takes its columns and rows as literals in the embedded engine.");
    }

    /// <summary>Columns written as a text: their defaults are expressions.</summary>
    private static QueryError? Columns(Tokens s, int i, Caller caller)
    {
        if (!s.IsPlainText(i) || !s.IsSymbol(i + 1, ','))
        {
            return Gate.Denied("Columns are written as one plain literal in the embedded engine.");
        }
        try
        {
            return Check(Tokens.Of(Encoding.UTF8.GetBytes(s.Text(i))), caller, []);
        }
        catch (QueryException e)
        {
            return e.Error;
        }
    }

    /// <summary>The position of the table's own name in <c>INSERT INTO t (…)</c> and <c>CREATE TABLE
    /// t (…)</c>, where a parenthesis begins columns; else -1.</summary>
    private static int TargetName(Tokens s)
    {
        var at = s.Is(0, "INSERT"u8) ? s.Is(2, "TABLE"u8) && s.IsName(3) ? 3 : 2
            : s.Is(0, "CREATE"u8) ? s.Is(1, "TABLE"u8) ? 2 : s.Is(1, "OR"u8) && s.Is(3, "TABLE"u8) ? 4 : 0
            : 0;
        at = s.Is(at, "IF"u8) && s.Is(at + 1, "NOT"u8) ? at + 3 : at;
        return at > 0 && s.AfterName(at) > at ? s.AfterName(at) - 1 : -1;
    }

    /// <summary>The columns an insert of data names; nothing in them is an expression (<see cref="VerbRules"/>).</summary>
    private static bool InColumnList(Tokens s, int i) =>
        s is Statement { Kind: StatementKind.InsertData } && i > TargetName(s) && (s.IsSymbol(i + 1, ',') || s.IsSymbol(i + 1, ')'));

    /// <summary>The name that a statement gives to an index or projection.</summary>
    private static bool IsNewName(Tokens s, int i)
    {
        var before = s.Is(i - 1, "EXISTS"u8) && s.Is(i - 2, "NOT"u8) && s.Is(i - 3, "IF"u8) ? i - 4 : i - 1;
        return (s.Is(before, "INDEX"u8) || s.Is(before, "PROJECTION"u8))
            && (s.Is(0, "ALTER"u8) ? s.Is(before - 1, "ADD"u8) : s.Is(0, "CREATE"u8) && !Selects(s, before));
    }

    /// <summary>Whether a query begins before this position.</summary>
    private static bool Selects(Tokens s, int i) => s.Find("SELECT"u8) is var select && select >= 0 && select < i;

    /// <summary>The engine's own databases: read only, table by table.</summary>
    private static QueryError? System(Tokens s, int i, Caller caller)
    {
        var reads = s is not Statement { Kind: not StatementKind.Read } || (s.Word(0) is "INSERT" or "CREATE" or "WITH" && Selects(s, i));
        if (!reads)
        {
            return Gate.Denied("The databases system and information_schema belong to the engine and cannot be changed.");
        }
        if (s.IsSymbol(i - 1, '.') || !s.IsSymbol(i + 1, '.'))
        {
            return s.Is(0, "SHOW"u8) || s.Is(0, "EXISTS"u8) || s.IsSymbol(i - 1, '.')
                ? null
                : Gate.Denied($"{s.Text(i)} names the engine's own database: write its tables as {s.Text(i)}.tables, and a column of " +
                "that name with its table.");
        }
        var table = s.IsName(i + 2) ? s.Text(i + 2) : "";
        return !s.Text(i).Equals("system", Loose) || GateLists.SystemTables.Contains(table)
            ? caller == Caller.Reader && GateLists.OwnersTables.Contains(table)
                ? Gate.Denied($"Table system.{table} shows what others ask; this user may not.")
                : null
            : Gate.Denied($"Table system.{table} is not available in the embedded engine.");
    }

    /// <summary>A parameter of type Identifier becomes a name: it is held to what a bare name may be.</summary>
    private static QueryError? Parameter(Tokens s, int open, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        for (var i = open + 1; i < s.Count && !s.IsSymbol(i, '}'); i++)
        {
            if (i > open + 1 && s.IsName(i) && s.Text(i).Equals("Identifier", Loose))
            {
                var name = s.Text(open + 1);
                var value = parameters.LastOrDefault(p => p.Key == name).Value ?? "";
                if (value.Length == 0 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || IsSystem(value)
                    || GateLists.RefusedFunctions.Contains(value))
                {
                    return new QueryError(ErrorCode.BadArguments, $"Parameter {name} becomes a name: it must be of ASCII letters, " +
                        "digits and '_', and not of the engine's own.");
                }
            }
        }
        return null;
    }
}
