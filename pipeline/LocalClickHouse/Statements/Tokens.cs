using System.Text;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>The tokens of a statement, or of the rows of <c>VALUES</c>, with the questions
/// the gate asks of them. Positions outside have no kind.</summary>
internal class Tokens(byte[] sql)
{
    private readonly List<Token> tokens = [];

    public int Count => tokens.Count;

    public Token this[int index] => tokens[index];

    /// <summary>All of a text.</summary>
    /// <exception cref="QueryException">The text is outside the strict part of SQL.</exception>
    public static Tokens Of(byte[] sql)
    {
        var all = new Tokens(sql);
        var lexer = new SqlLexer(sql);
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            all.Add(token);
        }
        return all;
    }

    /// <summary>The token's text without quotes.</summary>
    public string Text(int index) => SqlLexer.Value(sql, tokens[index]);

    /// <summary>Whether a bare word is this keyword (in upper case), whatever its case in the text.</summary>
    public bool Is(int index, ReadOnlySpan<byte> keyword) => Has(index) && SqlLexer.Is(sql, tokens[index], keyword);

    /// <summary>The bare word in upper case; empty when the token is none.</summary>
    public string Word(int index) => Has(index) && tokens[index].Kind == TokenKind.Word ? Text(index).ToUpperInvariant() : "";

    public bool IsSymbol(int index, char symbol) => Has(index) && IsSymbol(tokens[index], symbol);

    public bool IsName(int index) => Has(index) && tokens[index].Kind is TokenKind.Word or TokenKind.QuotedName;

    public bool IsNumber(int index) => Has(index) && tokens[index].Kind == TokenKind.Number;

    public bool IsText(int index) => Has(index) && tokens[index].Kind == TokenKind.Text;

    /// <summary>A literal without escapes, quotes and control characters in it: every reader reads it alike.</summary>
    public bool IsPlainText(int index) =>
        IsText(index) && sql.AsSpan(tokens[index].Start + 1, tokens[index].End - tokens[index].Start - 2) is var text
        && text.IndexOfAny((byte)'\\', (byte)'\'') < 0 && !text.ContainsAnyInRange((byte)0, (byte)31);

    /// <summary>The token as it stands there, with quotes and escapes.</summary>
    public string Raw(int index) => Encoding.UTF8.GetString(sql, tokens[index].Start, tokens[index].End - tokens[index].Start);

    /// <summary>A literal whose escapes are of quotes and backslashes alone, so that <see cref="Text"/> is what it says.</summary>
    public bool HasSimpleEscapes(int index)
    {
        var raw = sql.AsSpan(tokens[index].Start + 1, tokens[index].End - tokens[index].Start - 2);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] < 32 || (raw[i] == (byte)'\\' && raw[++i] is not (byte)'\\' and not (byte)'\''))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether one of the bare words from <paramref name="from"/> on is this keyword.</summary>
    public bool Has(ReadOnlySpan<byte> keyword, int from = 0) => Find(keyword, from) >= 0;

    /// <summary>Where the first such bare word is; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> keyword, int from = 0)
    {
        for (var i = from; i < Count; i++)
        {
            if (Is(i, keyword))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The position after <c>name</c> or <c>database.name</c> at <paramref name="index"/>;
    /// the same position when no name is there.</summary>
    public int AfterName(int index) =>
        !IsName(index) ? index : IsSymbol(index + 1, '.') && IsName(index + 2) ? index + 3 : index + 1;

    protected bool IsSymbol(Token token, char symbol) => token.Kind == TokenKind.Symbol && sql[token.Start] == symbol;

    protected void Add(Token token) => tokens.Add(token);

    private bool Has(int index) => index >= 0 && index < tokens.Count;
}
