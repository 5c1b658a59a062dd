namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// Lets through the statements that stay inside this engine and within its limits: a statement that no rule allows is refused. Statement
/// kinds, functions, engines, formats, settings and system tables are allow-lists (<see cref="GateLists"/>). Pure, thread-safe.
/// </summary>
internal sealed class Gate(SettingRules rules)
{
    /// <summary>The reason for refusing, or null.</summary>
    /// <param name="statement">What came.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="readOnly">Whether the request may only read (HTTP GET, or <c>readonly=1</c>).</param>
    /// <param name="parameters">Values of <c>{name:Type}</c>: those of type Identifier become names.</param>
    public QueryError? Check(Statement statement, Caller caller, bool readOnly, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        if (statement.Kind != StatementKind.Read && caller == Caller.Reader)
        {
            return Denied("This user may only read.");
        }
        if (statement.Kind != StatementKind.Read && readOnly)
        {
            return new QueryError(ErrorCode.Readonly, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies " +
                "readonly. You should use method POST for modifying queries.");
        }
        return VerbRules.Check(statement) ?? ClauseRules.Check(statement, rules.Of(caller))
            ?? NameRules.Check(statement, caller, parameters)
            ?? (caller == Caller.Reader ? ReaderRules.Check(statement) : null) ?? ExpansionRules.Check(statement);
    }

    /// <summary>The same check of names for the text of <c>VALUES</c>, which may hold expressions.</summary>
    /// <returns>Whether every expression in it is known and allowed; when not, the rows may still be plain literals.</returns>
    public static QueryError? CheckValues(byte[] data)
    {
        try
        {
            return NameRules.Check(Tokens.Of(data), Caller.Owner, []);
        }
        catch (QueryException e)
        {
            return e.Error;
        }
    }

    /// <summary>The reason for refusing a database that unqualified names would be looked up in, or null.</summary>
    public static QueryError? CheckDatabase(string name) =>
        NameRules.IsSystem(name) ? Denied($"Database {name} cannot be the current one: write its tables with it, as in " +
            $"{name}.tables.") : null;

    /// <summary>The reason for refusing a format for the result that the request, not the statement, names; or null.</summary>
    public static QueryError? CheckFormat(string name) =>
        GateLists.OutputFormats.Contains(name)
            ? null
            : new QueryError(ErrorCode.UnknownFormat, $"Format {name} is not available in the embedded engine for results.");

    public static QueryError Denied(string message) => new(ErrorCode.AccessDenied, message);
}
