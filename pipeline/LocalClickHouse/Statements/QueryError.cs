using System.Text.RegularExpressions;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>ClickHouse's own numbers for the errors that this program raises itself.</summary>
internal enum ErrorCode
{
    UnsupportedMethod = 1,
    UnsupportedParameter = 2,
    CannotParseText = 6,
    CannotDecompress = 271,
    BadArguments = 36,
    NotImplemented = 48,
    SyntaxError = 62,
    UnknownFormat = 73,
    ChecksumDoesNotMatch = 40,
    UnknownSetting = 115,
    TimeoutExceeded = 159,
    Readonly = 164,
    TooBigAst = 168,
    TooManySimultaneousQueries = 202,
    QueryWithSameIdIsAlreadyRunning = 216,
    NotEnoughSpace = 243,
    TooManyBytes = 307,
    QueryWasCancelled = 394,
    SettingConstraintViolation = 452,
    AccessDenied = 497,
    AuthenticationFailed = 516,
    SupportIsDisabled = 344,
    Unknown = 1002,
}

/// <summary>Why a query is refused or failed, as a ClickHouse client reads it.</summary>
/// <param name="Code">ClickHouse's number.</param>
/// <param name="Message">The whole text after <c>DB::Exception:</c>, without the name of the code.</param>
internal sealed partial record QueryError(int Code, string Message)
{
    public QueryError(ErrorCode code, string message)
        : this((int)code, message) => CodeName = NameOf(code);

    /// <summary>ClickHouse's name in parentheses at the end; empty when <see cref="Message"/> has it already.</summary>
    public string CodeName { get; private init; } = "";

    /// <summary>The line a server sends: <c>Code: N. DB::Exception: message (NAME) (version V)</c>.</summary>
    public string Text(string version) =>
        $"Code: {Code}. DB::Exception: {Message}{(CodeName.Length > 0 ? $" ({CodeName})" : "")} (version {version})\n";

    /// <summary>Reads the engine's message. It repeats its prefix for errors in inserted
    /// data and names our private file; both are taken out.</summary>
    public static QueryError FromEngine(string text, string version)
    {
        var code = (int)ErrorCode.Unknown;
        var rest = text.Trim();
        const string prefix = "Code: ";
        const string mark = " DB::Exception: ";
        while (rest.StartsWith(prefix, StringComparison.Ordinal) && rest.IndexOf('.') is var dot and > 0
            && int.TryParse(rest.AsSpan(prefix.Length, dot - prefix.Length), out var number)
            && rest.AsSpan(dot + 1).StartsWith(mark))
        {
            code = number;
            rest = rest[(dot + 1 + mark.Length)..];
        }
        rest = rest.Replace($" (version {version})", "", StringComparison.Ordinal);
        return new QueryError(code, RepeatedName().Replace(EngineFiles.Hide(rest), "($1)"));
    }

    /// <summary>The name of the code, once for the error and once for the error around it.</summary>
    [GeneratedRegex(@"\(([A-Z_0-9]+)\)\. \(\1\)$")]
    private static partial Regex RepeatedName();

    private static string NameOf(ErrorCode code) => code switch
    {
        ErrorCode.UnsupportedMethod => "UNSUPPORTED_METHOD",
        ErrorCode.UnsupportedParameter => "UNSUPPORTED_PARAMETER",
        ErrorCode.CannotParseText => "CANNOT_PARSE_TEXT",
        ErrorCode.CannotDecompress => "CANNOT_DECOMPRESS",
        ErrorCode.TooBigAst => "TOO_BIG_AST",
        ErrorCode.BadArguments => "BAD_ARGUMENTS",
        ErrorCode.NotImplemented => "NOT_IMPLEMENTED",
        ErrorCode.SyntaxError => "SYNTAX_ERROR",
        ErrorCode.UnknownFormat => "UNKNOWN_FORMAT",
        ErrorCode.ChecksumDoesNotMatch => "CHECKSUM_DOESNT_MATCH",
        ErrorCode.UnknownSetting => "UNKNOWN_SETTING",
        ErrorCode.TimeoutExceeded => "TIMEOUT_EXCEEDED",
        ErrorCode.Readonly => "READONLY",
        ErrorCode.TooManySimultaneousQueries => "TOO_MANY_SIMULTANEOUS_QUERIES",
        ErrorCode.QueryWithSameIdIsAlreadyRunning => "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
        ErrorCode.NotEnoughSpace => "NOT_ENOUGH_SPACE",
        ErrorCode.TooManyBytes => "TOO_MANY_BYTES",
        ErrorCode.QueryWasCancelled => "QUERY_WAS_CANCELLED",
        ErrorCode.SettingConstraintViolation => "SETTING_CONSTRAINT_VIOLATION",
        ErrorCode.AccessDenied => "ACCESS_DENIED",
        ErrorCode.AuthenticationFailed => "AUTHENTICATION_FAILED",
        ErrorCode.SupportIsDisabled => "SUPPORT_IS_DISABLED",
        _ => "UNKNOWN_EXCEPTION",
    };
}

/// <summary>A request ends here with <see cref="Error"/>.</summary>
internal sealed class QueryException(QueryError error) : Exception(error.Message)
{
    public QueryException(ErrorCode code, string message)
        : this(new QueryError(code, message))
    {
    }

    public QueryError Error => error;
}
