using System.Text;

namespace Streaming.LocalClickHouse.Statements;

internal enum TokenKind
{
    /// <summary>The text is over, or what follows cannot be a token (an unclosed quote).</summary>
    End,

    /// <summary>A bare word: a keyword, name or function.</summary>
    Word,

    /// <summary>A name in backquotes or double quotes.</summary>
    QuotedName,

    /// <summary>A string literal.</summary>
    Text,

    Number,

    /// <summary>Any other single character.</summary>
    Symbol,
}

/// <summary>A token of ClickHouse's SQL: <c>[Start, End)</c> in bytes.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>
/// Cuts a strict part of ClickHouse's SQL into tokens, comments left out, as far as asked: what follows <c>FORMAT Native</c> in an insert
/// is data and must not be read as text. The gate stands on it, so it accepts only what all ClickHouse parsers read the same way, and
/// refuses the rest: outside quotes plain ASCII with four blanks, no heredocs, no escapes in names, no nested comments. Pure, allocates
/// nothing.
/// </summary>
internal ref struct SqlLexer(ReadOnlySpan<byte> sql, int start = 0)
{
    private readonly ReadOnlySpan<byte> text = sql;
    private int at = start;

    /// <summary>The next token; <see cref="TokenKind.End"/> for ever at the end.</summary>
    /// <exception cref="QueryException">A character or comment outside the strict part.</exception>
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
            (byte)'\'' => String(),
            (byte)'"' or (byte)'`' => Name(c),
            >= (byte)'0' and <= (byte)'9' => Number(),
            _ when IsWord(c) => Word(),
            _ when "()[]{},.;:+-*/%=<>!|?"u8.Contains(c) => Symbol(),
            _ => throw Refused("outside of quotes the embedded engine takes ASCII letters, digits, blanks and SQL's own signs only; put " +
                "names in backquotes and text in quotes"),
        };
        return new Token(kind, from, at);
    }

    /// <summary>The token's text without quotes. An escape in a literal yields the character after the backslash.</summary>
    public static string Value(ReadOnlySpan<byte> sql, Token token)
    {
        var raw = sql[token.Start..token.End];
        return token.Kind switch
        {
            TokenKind.QuotedName => Encoding.UTF8.GetString(raw[1..^1]),
            TokenKind.Text => Unescaped(raw[1..^1]),
            _ => Encoding.UTF8.GetString(raw),
        };
    }

    /// <summary>Whether the token is this keyword (written in upper case), whatever its case in the text.</summary>
    public static bool Is(ReadOnlySpan<byte> sql, Token token, ReadOnlySpan<byte> keyword) =>
        token.Kind == TokenKind.Word && Ascii.EqualsIgnoreCase(sql[token.Start..token.End], keyword);

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsWord(byte c) => c is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'_' || IsDigit(c);

    private static string Unescaped(ReadOnlySpan<byte> quoted)
    {
        var bytes = new List<byte>(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] is (byte)'\\' or (byte)'\'')
            {
                i++;
            }
            bytes.Add(quoted[i]);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void SkipBlank()
    {
        while (at < text.Length)
        {
            var rest = text[at..];
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                at++;
            }
            else if (rest.StartsWith("--"u8))
            {
                var end = rest.IndexOf((byte)'\n');
                at += Comment(rest, end < 0 ? rest.Length : end + 1);
            }
            else if (rest.StartsWith("/*"u8))
            {
                var end = rest[2..].IndexOf("*/"u8);
                at += Comment(rest, end < 0 ? throw Refused("a comment is not closed") : end + 4);
            }
            else if (rest.StartsWith("//"u8))
            {
                throw Refused("comments are written -- or /* */");
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The comment's length. What some readers take for a comment in it, or for none at all, is refused.</summary>
    private readonly int Comment(ReadOnlySpan<byte> rest, int length)
    {
        var inside = rest[2..length];
        return inside.Contains((byte)0) ? throw Refused("a comment holds a zero byte")
            : rest[0] == (byte)'/' && inside.IndexOf("/*"u8) >= 0 ? throw Refused("comments cannot be nested")
            : rest[0] == (byte)'-' && inside.Length > 0
                && inside[0] is not (byte)' ' and not (byte)'\n' and not (byte)'\r' and not (byte)'-'
                ? throw Refused("a comment begins with -- and a blank")
            : length;
    }

    /// <summary>A string literal: a backslash takes the next byte with it, a quote is doubled.</summary>
    private TokenKind String()
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == 0)
            {
                throw Refused("a text holds a zero byte");
            }
            if (text[at] == (byte)'\\')
            {
                at++;
            }
            else if (text[at] == (byte)'\'')
            {
                at++;
                if (at >= text.Length || text[at] != (byte)'\'')
                {
                    return TokenKind.Text;
                }
            }
        }
        at = text.Length;
        return TokenKind.End;
    }

    /// <summary>A quoted name, written as it is: neither escapes nor doubled quotes, in which readers differ.</summary>
    private TokenKind Name(byte quote)
    {
        var length = text[(at + 1)..].IndexOf(quote);
        if (length < 0)
        {
            at = text.Length;
            return TokenKind.End;
        }
        var name = text.Slice(at + 1, length);
        if (length == 0 || name.ContainsAny((byte)'\\', (byte)'"', (byte)'`') || name.ContainsAnyInRange((byte)0, (byte)31)
            || (at + length + 2 < text.Length && text[at + length + 2] == quote))
        {
            throw Refused("a quoted name is not empty and holds no backslash, no control character and no quote of names");
        }
        at += length + 2;
        return TokenKind.QuotedName;
    }

    private TokenKind Number()
    {
        var rest = text[at..];
        var length = Digits(rest);
        if (rest.StartsWith("0x"u8) && rest.Length > 2 && char.IsAsciiHexDigit((char)rest[2]))
        {
            for (length = 2; length < rest.Length && char.IsAsciiHexDigit((char)rest[length]); length++)
            {
            }
        }
        else
        {
            length += length + 1 < rest.Length && rest[length] == (byte)'.'
                && IsDigit(rest[length + 1]) ? 1 + Digits(rest[(length + 1)..]) : 0;
            length += Exponent(rest[length..]);
        }
        if (length < rest.Length && (IsWord(rest[length]) || rest[length] is (byte)'\'' or (byte)'"' or (byte)'`'))
        {
            throw Refused("a number is followed by a letter or quote; put names that begin with a digit in backquotes");
        }
        // A point may end a number: 1.
        length += length < rest.Length && rest[length] == (byte)'.' && (length + 1 == rest.Length || !IsWord(rest[length + 1])) ? 1 : 0;
        at += length;
        return TokenKind.Number;
    }

    private static int Digits(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? rest.Length : end;
    }

    private static int Exponent(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2 || rest[0] is not (byte)'e' and not (byte)'E')
        {
            return 0;
        }
        var sign = rest[1] is (byte)'+' or (byte)'-' ? 1 : 0;
        var digits = Digits(rest[(1 + sign)..]);
        return digits == 0 ? 0 : 1 + sign + digits;
    }

    private TokenKind Word()
    {
        var from = at;
        while (at < text.Length && IsWord(text[at]))
        {
            at++;
        }
        if (at < text.Length && text[at] is (byte)'\'' or (byte)'"' or (byte)'`')
        {
            at = from;
            throw Refused("a word is followed by a quote; leave a blank between them, and write binary text with unhex('…')");
        }
        return TokenKind.Word;
    }

    private TokenKind Symbol()
    {
        at++;
        return TokenKind.Symbol;
    }

    private readonly QueryException Refused(string why) =>
        new(ErrorCode.SyntaxError, $"Syntax error: failed at position {at + 1}: {why}.");
}
