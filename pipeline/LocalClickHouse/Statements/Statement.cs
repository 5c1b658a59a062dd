using System.Text;

namespace Streaming.LocalClickHouse.Statements;

internal enum StatementKind
{
    /// <summary>Gives rows and changes nothing: <c>SELECT</c>, <c>SHOW</c>, <c>DESCRIBE</c>, <c>EXPLAIN</c> …</summary>
    Read,

    /// <summary><c>INSERT … FORMAT X</c> or <c>VALUES</c>, followed by the data.</summary>
    InsertData,

    /// <summary>Everything else: DDL, <c>INSERT … SELECT</c>, <c>KILL</c>, <c>SYSTEM</c> …</summary>
    Write,
}

/// <summary>
/// One statement's outline, enough to send it to the right connection, to tell its output format and to find where an insert's data begins.
/// The engine does the real parsing; a statement it would refuse may pass here.
/// </summary>
internal sealed class Statement : Tokens
{
    /// <summary>Longest statement, as ClickHouse's <c>max_query_size</c>; the data of an insert do not count.</summary>
    public const int MaxBytes = 262_144;

    private static readonly string[] Reads = ["SELECT", "WITH", "FROM", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK"];

    private readonly byte[] sql;

    private Statement(byte[] sql, List<Token> tokens)
        : base(sql)
    {
        this.sql = sql;
        tokens.ForEach(Add);
        Verb = Word(0);
    }

    public StatementKind Kind { get; private set; }

    /// <summary>The first word in upper case; empty when it is none.</summary>
    public string Verb { get; }

    /// <summary>The format named in the statement: of the result, or of the data of an insert. Null when none is.</summary>
    public string? Format { get; private set; }

    /// <summary>Where <c>FORMAT</c> stands in a statement with a result; else its end.</summary>
    public int ResultClause { get; private set; }

    /// <summary>Where an insert's <c>SETTINGS</c>, <c>FORMAT</c> or <c>VALUES</c> stands:
    /// what names the data's source goes before it.</summary>
    public int SourceClause { get; private set; }

    /// <summary>The end of the statement's last token (of an insert: before its data), without a closing semicolon.</summary>
    public int End => this[Count - 1].End;

    /// <summary>The first byte of an insert's data.</summary>
    public int DataStart { get; private set; }

    /// <summary>Whether the insert's data are <c>VALUES</c>.</summary>
    public bool IsValues { get; private set; }

    /// <summary>Outlines the text. Reads an insert only up to its data.</summary>
    /// <param name="sql">Query and body in one, or their beginning.</param>
    /// <param name="whole">False when <paramref name="sql"/> was cut at the longest statement allowed and more follows.</param>
    /// <exception cref="QueryException">Empty, longer than allowed, several statements, an
    /// unclosed quote, or an insert without a source of data.</exception>
    public static Statement Parse(byte[] sql, bool whole)
    {
        var lexer = new SqlLexer(sql);
        var tokens = new List<Token>();
        for (var token = lexer.Next(); ; token = lexer.Next())
        {
            if (token.Kind == TokenKind.End)
            {
                Complete(sql, token, whole);
                break;
            }
            if (Symbol(sql, token, ';'))
            {
                if (tokens.Count == 0)
                {
                    continue;
                }
                Alone(sql, lexer.Next());
                break;
            }
            tokens.Add(token);
            if (tokens.Count == 1 && SqlLexer.Is(sql, token, "INSERT"u8))
            {
                return new Statement(sql, tokens).Insert(whole);
            }
        }
        if (tokens.Count == 0)
        {
            throw new QueryException(ErrorCode.SyntaxError, "Syntax error: failed at position 1 (end of query): the query is empty.");
        }
        return new Statement(sql, tokens).Other();
    }

    /// <summary>The statement that writes its result to <paramref name="path"/> in
    /// <paramref name="format"/> (used when it names none itself).</summary>
    public byte[] ResultTo(string path, string format)
    {
        var clause = EngineFiles.ResultClause(path);
        return Format is null ? Splice(ResultClause, clause + "FORMAT " + Settings.QuoteName(format), End)
            : Splice(ResultClause, clause, ResultClause);
    }

    /// <summary>The insert that takes its data from <paramref name="path"/>.</summary>
    public byte[] InsertFrom(string path) => IsValues
        ? Splice(SourceClause, EngineFiles.SourceClause(path) +
            Encoding.UTF8.GetString(sql, SourceClause, this[Count - 1].Start - SourceClause) + "FORMAT Values", End)
        : Splice(SourceClause, EngineFiles.SourceClause(path), SourceClause);

    /// <summary>The statement as it came, without what follows it.</summary>
    public byte[] Plain() => sql.AsSpan(0, End).ToArray();

    private byte[] Splice(int at, string clause, int resume) =>
        [.. sql.AsSpan(0, at), .. Encoding.UTF8.GetBytes(clause), .. sql.AsSpan(resume, End - resume)];

    private Statement Other()
    {
        Kind = IsSymbol(0, '(') || Array.IndexOf(Reads, Verb) >= 0 ? StatementKind.Read
            : StatementKind.Write;
        ResultClause = End;
        var depth = 0;
        for (var i = 0; i < Count; i++)
        {
            depth += IsSymbol(i, '(') ? 1 : IsSymbol(i, ')') ? -1 : 0;
            if (depth != 0)
            {
                continue;
            }
            if (Is(i, "INSERT"u8) && Is(i + 1, "INTO"u8) && Verb == "WITH")
            {
                Kind = StatementKind.Write;
            }
            if (i > 0 && Is(i, "FORMAT"u8) && IsName(i + 1) && (i + 2 == Count || Is(i + 2, "SETTINGS"u8)) && !IsSymbol(i - 1, '.')
                && !Is(i - 1, "AS"u8))
            {
                Format = Text(i + 1);
                ResultClause = this[i].Start;
            }
        }
        return this;
    }

    private Statement Insert(bool whole)
    {
        var lexer = new SqlLexer(sql, End);
        var depth = 0;
        SourceClause = -1;
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            var name = TableNamePosition;
            Add(token);
            depth += Symbol(sql, token, '(') ? 1 : Symbol(sql, token, ')') ? -1 : 0;
            if (depth != 0 || name)
            {
                continue;
            }
            var last = Count - 1;
            if (SourceClause < 0 && (Is(last, "SETTINGS"u8) || Is(last, "FORMAT"u8) || Is(last, "VALUES"u8)))
            {
                SourceClause = token.Start;
            }
            if (Is(last, "VALUES"u8))
            {
                IsValues = true;
                Format = "Values";
                return Data(token.End);
            }
            if (Is(last, "FORMAT"u8))
            {
                return Named(ref lexer);
            }
            if (Is(last, "SELECT"u8) || Is(last, "WITH"u8) || Is(last, "FROM"u8) || (Symbol(sql, token, ';') && Count > 2))
            {
                return Rest(ref lexer, whole);
            }
        }
        Complete(sql, lexer.Next(), whole);
        if (Count > 3 && IsSymbol(Count - 1, ')'))
        {
            // INSERT INTO t (SELECT …): the engine tells whether that is what it is.
            Kind = StatementKind.Write;
            return this;
        }
        throw new QueryException(ErrorCode.SyntaxError, "Syntax error: the INSERT has neither FORMAT, VALUES nor SELECT.");
    }

    /// <summary>Whether the next token is (part of) the table's name: a table may be called <c>values</c>.</summary>
    private bool TableNamePosition => Is(Count - 1, "INTO"u8) || (Is(Count - 1, "TABLE"u8) && Is(Count - 2, "INTO"u8))
        || IsSymbol(Count - 1, '.') || Is(Count - 1, "INSERT"u8);

    /// <summary>After <c>FORMAT</c>: the name, perhaps settings, then the data on the same or the next line.</summary>
    private Statement Named(ref SqlLexer lexer)
    {
        var name = lexer.Next();
        if (name.Kind is not TokenKind.Word and not TokenKind.QuotedName)
        {
            throw new QueryException(ErrorCode.SyntaxError, "Syntax error: FORMAT names no format.");
        }
        Add(name);
        Format = Text(Count - 1);
        // What follows is data, which need not be text, unless it is the word SETTINGS.
        var settings = new SqlLexer(sql, name.End);
        for (var more = SettingsFollow(sql.AsSpan(End)); more; more = sql.AsSpan(End).TrimStart(" \t\r\n"u8).StartsWith(","u8))
        {
            // The word or a comma, a name, '=' and a value.
            for (var i = 0; i < 4; i++)
            {
                Add(settings.Next());
            }
        }
        var at = End;
        if (at < sql.Length && sql[at] == (byte)';')
        {
            throw new QueryException(ErrorCode.SyntaxError, "Syntax error: there is a ';' between FORMAT and the data of the INSERT.");
        }
        while (at < sql.Length && sql[at] is (byte)' ' or (byte)'\t' or (byte)'\f')
        {
            at++;
        }
        at += at < sql.Length && sql[at] == (byte)'\r' ? 1 : 0;
        at += at < sql.Length && sql[at] == (byte)'\n' ? 1 : 0;
        return Data(at);
    }

    private Statement Data(int at)
    {
        Kind = StatementKind.InsertData;
        DataStart = at;
        return this;
    }

    private Statement Rest(ref SqlLexer lexer, bool whole)
    {
        for (var token = lexer.Next(); ; token = lexer.Next())
        {
            if (token.Kind == TokenKind.End)
            {
                Complete(sql, token, whole);
                break;
            }
            if (Symbol(sql, token, ';'))
            {
                Alone(sql, lexer.Next());
                break;
            }
            Add(token);
        }
        Kind = StatementKind.Write;
        return this;
    }

    private static bool SettingsFollow(ReadOnlySpan<byte> rest)
    {
        var word = rest.TrimStart(" \t\r\n"u8);
        var keyword = "SETTINGS"u8;
        return word.Length < rest.Length && word.Length > keyword.Length && Ascii.EqualsIgnoreCase(word[..keyword.Length], keyword)
            && word[keyword.Length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
    }

    private static bool Symbol(byte[] sql, Token token, char symbol) => token.Kind == TokenKind.Symbol && sql[token.Start] == symbol;

    private static void Complete(byte[] sql, Token end, bool whole)
    {
        if (!whole)
        {
            throw new QueryException(ErrorCode.SyntaxError, $"Max query size exceeded: a statement may have {MaxBytes} bytes.");
        }
        if (end.Start < sql.Length)
        {
            throw new QueryException(ErrorCode.SyntaxError, $"Syntax error: failed at position {end.Start + 1}: a quote is not closed.");
        }
    }

    private static void Alone(byte[] sql, Token next)
    {
        if (next.Kind != TokenKind.End && !Symbol(sql, next, ';'))
        {
            throw new QueryException(ErrorCode.SyntaxError, $"Syntax error (Multi-statements are not allowed): failed at position " +
                $"{next.Start + 1}: one request carries one statement.");
        }
    }
}
