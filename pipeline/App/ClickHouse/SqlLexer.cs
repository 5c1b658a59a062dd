using System.Text;

namespace Streaming.App.ClickHouse;

internal enum TokenKind
{
    /// <summary>The text is over, or what follows cannot be a token (an unclosed quote).</summary>
    End,

    /// <summary>A bare word: a keyword, name or function.</summary>
    Word,

    /// <summary>A name in backquotes or double quotes.</summary>
    QuotedName,

    /// <summary>A string literal, heredocs included.</summary>
    Text,

    Number,

    /// <summary>Any other single character.</summary>
    Symbol,
}

/// <summary>A token of ClickHouse's SQL: <c>[Start, End)</c> in bytes.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>
/// Cuts ClickHouse's SQL into tokens, comments left out, as far as asked: what follows <c>FORMAT Native</c> in an insert is data and must not
/// be read as text. Knows quoting and escapes exactly, because the gate stands on it. Pure, allocates nothing.
/// </summary>
internal ref struct SqlLexer(ReadOnlySpan<byte> sql, int start = 0)
{
    private readonly ReadOnlySpan<byte> text = sql;
    private int at = start;

    /// <summary>The next token; <see cref="TokenKind.End"/> for ever at the end.</summary>
    public Token Next()
    {
        SkipBlank();
        if (at >= text.Length)
        {
            return new Token(TokenKind.End, text.Length, text.Length);
        }
        var from = at;
        var c = text[at];
        var kind = c switch
        {
            (byte)'\'' => Quoted((byte)'\'', TokenKind.Text),
            (byte)'"' or (byte)'`' => Quoted(c, TokenKind.QuotedName),
            (byte)'$' => HereDoc(),
            >= (byte)'0' and <= (byte)'9' => Number(),
            0xE2 when Typographic(out var quoted) => quoted,
            _ when IsWord(c) => Word(),
            _ => Symbol(),
        };
        return new Token(kind, from, at);
    }

    /// <summary>The token's text without quotes and escapes.</summary>
    public static string Value(ReadOnlySpan<byte> sql, Token token)
    {
        var raw = sql[token.Start..token.End];
        if (token.Kind is not TokenKind.QuotedName and not TokenKind.Text || raw.Length < 2)
        {
            return Encoding.UTF8.GetString(raw);
        }
        if (raw[0] == (byte)'$')
        {
            var tag = raw[1..].IndexOf((byte)'$') + 2;
            return Encoding.UTF8.GetString(raw[tag..^tag]);
        }
        if (raw[0] == 0xE2)
        {
            return Encoding.UTF8.GetString(raw[3..^3]);
        }
        var quote = raw[0];
        var bytes = new List<byte>(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] == (byte)'\\' && i + 1 < raw.Length - 1)
            {
                i += Unescape(raw[(i + 1)..^1], bytes);
            }
            else
            {
                bytes.Add(raw[i]);
                if (raw[i] == quote)
                {
                    i++;
                }
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Whether the token is this keyword (written in upper case), whatever its case in the text.</summary>
    public static bool Is(ReadOnlySpan<byte> sql, Token token, ReadOnlySpan<byte> keyword) =>
        token.Kind == TokenKind.Word && Ascii.EqualsIgnoreCase(sql[token.Start..token.End], keyword);

    private static bool IsWord(byte c) => c is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9' or (byte)'_';

    private static int Unescape(ReadOnlySpan<byte> after, List<byte> bytes)
    {
        if (after[0] == (byte)'x' && after.Length >= 3 && byte.TryParse(after[1..3], System.Globalization.NumberStyles.HexNumber, null, out var value))
        {
            bytes.Add(value);
            return 3;
        }
        bytes.Add(after[0] switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'t' => (byte)'\t',
            (byte)'r' => (byte)'\r',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'0' => 0,
            var c => c,
        });
        return 1;
    }

    private void SkipBlank()
    {
        while (at < text.Length)
        {
            var rest = text[at..];
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v' or 0)
            {
                at++;
            }
            else if (rest.StartsWith("\u00a0"u8) || rest.StartsWith("\ufeff"u8))
            {
                at += rest[0] == 0xEF ? 3 : 2;
            }
            else if (rest.StartsWith("--"u8) || rest.StartsWith("# "u8) || rest.StartsWith("#!"u8))
            {
                var end = rest.IndexOf((byte)'\n');
                at = end < 0 ? text.Length : at + end + 1;
            }
            else if (rest.StartsWith("/*"u8))
            {
                var end = rest[2..].IndexOf("*/"u8);
                at = end < 0 ? text.Length : at + end + 4;
            }
            else
            {
                return;
            }
        }
    }

    private TokenKind Quoted(byte quote, TokenKind kind)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == (byte)'\\')
            {
                at++;
            }
            else if (text[at] == quote)
            {
                at++;
                if (at >= text.Length || text[at] != quote)
                {
                    return kind;
                }
            }
        }
        at = text.Length;
        return TokenKind.End;
    }

    private TokenKind HereDoc()
    {
        var tag = 1;
        while (at + tag < text.Length && IsWord(text[at + tag]))
        {
            tag++;
        }
        if (at + tag >= text.Length || text[at + tag] != (byte)'$')
        {
            return Symbol();
        }
        var mark = text.Slice(at, tag + 1);
        var end = text[(at + mark.Length)..].IndexOf(mark);
        if (end < 0)
        {
            return Symbol();
        }
        at += end + (2 * mark.Length);
        return TokenKind.Text;
    }

    /// <summary>Curly quotes pasted from a document: the engine takes them as quotes too.</summary>
    private bool Typographic(out TokenKind kind)
    {
        var rest = text[at..];
        kind = rest.StartsWith("\u2018"u8) ? TokenKind.Text : TokenKind.QuotedName;
        if (kind == TokenKind.QuotedName && !rest.StartsWith("\u201c"u8))
        {
            return false;
        }
        var end = rest.IndexOf(kind == TokenKind.Text ? "\u2019"u8 : "\u201d"u8);
        if (end < 0)
        {
            kind = TokenKind.End;
        }
        at = end < 0 ? text.Length : at + end + 3;
        return true;
    }

    private TokenKind Number()
    {
        while (at < text.Length && (IsWord(text[at]) || (text[at] == (byte)'.' && at + 1 < text.Length && text[at + 1] is >= (byte)'0' and <= (byte)'9')))
        {
            at++;
        }
        return TokenKind.Number;
    }

    private TokenKind Word()
    {
        while (at < text.Length && IsWord(text[at]))
        {
            at++;
        }
        return TokenKind.Word;
    }

    private TokenKind Symbol()
    {
        at++;
        return TokenKind.Symbol;
    }
}
