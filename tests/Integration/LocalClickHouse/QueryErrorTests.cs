using Streaming.LocalClickHouse.Statements;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class QueryErrorTests
{
    [Theory]
    [InlineData(
        "Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse input: (at row 2)\n: (in file/uri /proc/self/fd/16): While " +
        "executing File: data for INSERT was parsed from file. (CANNOT_PARSE_INPUT_ASSERTION_FAILED) (version 26.5.1.1). " +
        "(CANNOT_PARSE_INPUT_ASSERTION_FAILED)",
        "Code: 27. DB::Exception: Cannot parse input: (at row 2)\n: While executing File: data for INSERT was parsed from file. " +
            "(CANNOT_PARSE_INPUT_ASSERTION_FAILED) (version 26.5.1.1)\n")]
    [InlineData(
        "Code: 62. DB::Exception: Syntax error: failed at position 35 (INTO): INTO OUTFILE '/proc/self/fd/206' APPEND FORMAT " +
        "`TabSeparated`. Expected one of: Dot. (SYNTAX_ERROR)",
        "Code: 62. DB::Exception: Syntax error: failed at position 35 (end of query). Expected one of: Dot. (SYNTAX_ERROR) (version " +
            "26.5.1.1)\n")]
    [InlineData(
        "Code: 47. DB::Exception: Unknown expression identifier `nope` in scope SELECT nope. (UNKNOWN_IDENTIFIER)",
        "Code: 47. DB::Exception: Unknown expression identifier `nope` in scope SELECT nope. (UNKNOWN_IDENTIFIER) (version 26.5.1.1)\n")]
    [InlineData("something else", "Code: 1002. DB::Exception: something else (version 26.5.1.1)\n")]
    public void An_error_message_has_the_form_of_a_ClickHouse_server(string engine, string server) =>
        Assert.Equal(server, QueryError.FromEngine(engine, "26.5.1.1").Text("26.5.1.1"));
}
