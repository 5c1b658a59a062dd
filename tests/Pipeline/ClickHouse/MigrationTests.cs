using Streaming.ClickHouse.Migrating;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class MigrationTests
{
    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(m => m.Number));

    [Fact]
    public void Statements_end_with_a_semicolon_at_a_lines_end_and_comment_lines_are_left_out()
    {
        var migration = Migration.Parse("0007_example", "-- why; here\nCREATE TABLE a\r\n(\n  -- inside;\n  x String DEFAULT " +
            "';'\n);\n\nDROP VIEW b;");
        Assert.Equal(7, migration.Number);
        Assert.Equal(["CREATE TABLE a\n(\n  x String DEFAULT ';'\n)", "DROP VIEW b"], migration.Statements);
    }

    [Fact]
    public void The_hash_is_of_the_content_whatever_the_line_ends()
    {
        Assert.Equal(Migration.Parse("0001_a", "SELECT 1;\n").Hash, Migration.Parse("0001_a", "SELECT 1;\r\n").Hash);
        Assert.NotEqual(Migration.Parse("0001_a", "SELECT 1;\n").Hash, Migration.Parse("0001_a", "SELECT 2;\n").Hash);
    }
}
