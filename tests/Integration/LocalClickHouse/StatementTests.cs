using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class StatementTests
{
    [Theory]
    [InlineData("SELECT 1", nameof(StatementKind.Read), null)]
    [InlineData(" -- note\n/* more */ select 1 format JSON ", nameof(StatementKind.Read), "JSON")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 2) FORMAT `CSV`;", nameof(StatementKind.Read), "CSV")]
    [InlineData("SELECT 1 SETTINGS max_threads = 1 FORMAT TSV SETTINGS max_block_size = 2", nameof(StatementKind.Read), "TSV")]
    [InlineData("WITH 1 AS x SELECT x", nameof(StatementKind.Read), null)]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", nameof(StatementKind.Write), null)]
    [InlineData("SELECT format FROM t", nameof(StatementKind.Read), null)]
    [InlineData("SELECT a AS format, t.format x", nameof(StatementKind.Read), null)]
    [InlineData("SELECT 'x FORMAT JSON'", nameof(StatementKind.Read), null)]
    [InlineData("SHOW TABLES", nameof(StatementKind.Read), null)]
    [InlineData("CREATE TABLE t (a Int8) ENGINE = Memory", nameof(StatementKind.Write), null)]
    [InlineData("INSERT INTO t SELECT 1", nameof(StatementKind.Write), null)]
    [InlineData("INSERT INTO t (a) (SELECT 1)", nameof(StatementKind.Write), null)]
    public void Kind_and_format_are_found(string sql, string kind, string? format)
    {
        var statement = Parse(sql);
        Assert.Equal((kind, format), (statement.Kind.ToString(), statement.Format));
    }

    [Theory]
    [InlineData("INSERT INTO t FORMAT Native\n", "Native")]
    [InlineData("INSERT INTO t FORMAT Native ", "Native")]
    [InlineData("INSERT INTO t (a, b) FORMAT CSV\r\n", "CSV")]
    [InlineData("insert into `my db`.`values` (a) settings x = 'FORMAT y', z = 1 format JSONEachRow\n", "JSONEachRow")]
    [InlineData("INSERT INTO t FORMAT TSV SETTINGS a = 1, b = 'x'\n", "TSV")]
    [InlineData("INSERT INTO values VALUES", "Values")]
    [InlineData("INSERT INTO TABLE t(a) VALUES", "Values")]
    public void The_data_of_an_insert_begin_where_the_server_says(string head, string format)
    {
        byte[] data = [0, 1, 255, (byte)'\'', (byte)';', (byte)'\n'];
        var statement = Statement.Parse([.. Encoding.UTF8.GetBytes(head), .. data], whole: true);
        Assert.Equal((StatementKind.InsertData, format, head.Length), (statement.Kind, statement.Format, statement.DataStart));
    }

    [Theory]
    [InlineData("INSERT INTO t (a) SETTINGS x = 1 FORMAT CSV", "INSERT INTO t (a)  FROM INFILE '/f' SETTINGS x = 1 FORMAT CSV")]
    [InlineData("INSERT INTO t VALUES (1)", "INSERT INTO t  FROM INFILE '/f' FORMAT Values")]
    [InlineData("INSERT INTO t SETTINGS x = 1 VALUES (1)", "INSERT INTO t  FROM INFILE '/f' SETTINGS x = 1 FORMAT Values")]
    public void An_insert_is_rewritten_to_read_its_file(string sql, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Parse(sql).InsertFrom("/f")));

    [Theory]
    [InlineData("SELECT 1", "SELECT 1 INTO OUTFILE '/f' APPEND FORMAT `TSV`")]
    [InlineData("SELECT 1 -- end", "SELECT 1 INTO OUTFILE '/f' APPEND FORMAT `TSV`")]
    [InlineData("SELECT 1 SETTINGS a = 1;", "SELECT 1 SETTINGS a = 1 INTO OUTFILE '/f' APPEND FORMAT `TSV`")]
    [InlineData("SELECT 1 FORMAT CSV SETTINGS a = 1", "SELECT 1  INTO OUTFILE '/f' APPEND FORMAT CSV SETTINGS a = 1")]
    public void A_query_is_rewritten_to_write_its_file(string sql, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Parse(sql).ResultTo("/f", "TSV")));

    [Theory]
    [InlineData("")]
    [InlineData(" ; ")]
    [InlineData("-- only a comment")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 'open")]
    [InlineData("SELECT `open")]
    [InlineData("INSERT INTO t")]
    [InlineData("INSERT INTO t FORMAT")]
    [InlineData("INSERT INTO t FORMAT CSV; 1")]
    public void Text_that_is_not_exactly_one_statement_is_a_syntax_error(string sql) =>
        Assert.Equal((int)ErrorCode.SyntaxError, Assert.Throws<QueryException>(() => Parse(sql)).Error.Code);

    [Fact]
    public void A_statement_cut_off_at_the_longest_allowed_is_refused() =>
        Assert.Throws<QueryException>(() => Statement.Parse("SELECT 1 +"u8.ToArray(), whole: false));

    [Fact]
    public void Quoted_text_parses_back_to_itself() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            // A zero byte is in no text of a statement.
            var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get.Replace("\0", "", StringComparison.Ordinal)));
            var sql = Encoding.UTF8.GetBytes(Settings.Quote(wellFormed));
            var lexer = new SqlLexer(sql);
            var token = lexer.Next();
            return token.Kind == TokenKind.Text && SqlLexer.Value(sql, token) == wellFormed && lexer.Next().Kind == TokenKind.End;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tokenizing_any_bytes_ends_or_is_refused() =>
        Prop.ForAll<byte[]>(sql =>
        {
            var at = 0;
            try
            {
                var lexer = new SqlLexer(sql);
                for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
                {
                    if (token.Start < at || token.End <= token.Start || token.End > sql.Length)
                    {
                        return false;
                    }
                    at = token.End;
                }
            }
            catch (QueryException e)
            {
                return e.Error.Code == (int)ErrorCode.SyntaxError;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_either_parses_or_is_a_syntax_error() =>
        Prop.ForAll(
            Gen.Elements("SELECT", "INSERT", "INTO", "t", "(", ")", "FORMAT", "CSV", "VALUES", "SETTINGS", "a", "=", "'x'", ",", ";", "--",
            "/*", "*/", "$$", "`", "\"", "SET").ListOf().ToArbitrary(),
            words =>
            {
                try
                {
                    var statement = Parse(string.Join(' ', words));
                    return statement.End > 0;
                }
                catch (QueryException e)
                {
                    return e.Error.Code == (int)ErrorCode.SyntaxError;
                }
            }).QuickCheckThrowOnFailure();

    private static Statement Parse(string sql) => Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true);
}
