using System.Text.RegularExpressions;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Architecture;

/// <summary>Lines of C# are at most 140 characters long, and so are lines of documents. Exceptions: in C# a text that cannot be broken
/// (SQL, JSON, YAML, scripts), in documents tables, code and the addresses of links.</summary>
public partial class LineLaws
{
    private const int Most = 140;

    private static readonly string Long = new('x', Most + 1);

    /// <summary>What else than its text a longer line may hold.</summary>
    private const int Beside = 60;

    [Fact]
    public void No_line_is_longer_than_140_characters_but_for_a_text_in_it()
    {
        var files = ((string[])["pipeline", "grains", "loadtests", "tests", "docs"])
            .SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 500, $"Only {files.Count} files were found.");
        Assert.Empty(files.SelectMany(file => TooLong(File.ReadAllLines(file)).Select(line => $"{SourceTree.Relative(file)}:{line}")));
    }

    [Theory]
    [InlineData(false, "var x = Call(a, b);")]
    [InlineData(true, "var x = Call(0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, " +
        "0000000000, 0000000000);")]
    [InlineData(false, "x = \"SELECT 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, 0000000000, " +
        "0000000000, 0000000000\";")]
    public void A_long_line_is_found_unless_a_text_makes_it_long(bool found, string line) => Assert.Equal(found, TooLong([line]).Any());

    [Fact]
    public void No_line_of_a_document_is_longer_than_140_characters_but_in_tables_and_code()
    {
        var files = Directory.EnumerateFiles(SourceTree.Root, "*.md")
            .Concat(((string[])["dashboards", "deploy", "docs", "grains", "loadtests", "pipeline"])
                .SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*.md", SearchOption.AllDirectories)))
            .Where(file => !Packages().IsMatch(file)).ToList();
        Assert.True(files.Count > 40, $"Only {files.Count} files were found.");
        Assert.Empty(files.SelectMany(file => TooLongProse(File.ReadAllLines(file)).Select(line => $"{SourceTree.Relative(file)}:{line}")));
    }

    [Theory]
    [InlineData(new[] { 1 }, "{0}")]
    [InlineData(new[] { 1 }, "- {0}")]
    [InlineData(new int[0], "| {0} |")]
    [InlineData(new int[0], "See [the page](https://example.com/{0}).")]
    [InlineData(new[] { 5 }, "```", "{0}", "```", "", "{0}")]
    public void A_long_line_of_a_document_is_found_unless_table_code_or_link_makes_it_long(int[] found, params string[] lines) =>
        Assert.Equal(found, TooLongProse(lines.Select(line => line.Replace("{0}", Long, StringComparison.Ordinal)).ToArray()));

    /// <summary>Numbers of the lines of prose that are too long.</summary>
    private static IEnumerable<int> TooLongProse(string[] lines)
    {
        var inside = false; // of a block of code
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart();
            if (line.StartsWith("```", StringComparison.Ordinal)) inside = !inside;
            if (!inside && !line.StartsWith('|') && LinkAddress().Replace(lines[i], "").Length > Most) yield return i + 1;
        }
    }

    [GeneratedRegex(@"(?<=\])\([^)\s]*\)")]
    private static partial Regex LinkAddress();

    [GeneratedRegex("/(node_modules|bin|obj)/")]
    private static partial Regex Packages();

    /// <summary>Numbers of the lines that are too long.</summary>
    private static IEnumerable<int> TooLong(string[] lines)
    {
        var inside = false; // of a text over several lines
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var marks = line.Split("\"\"\"").Length - 1;
            if (line.Length > Most && !inside && Rest(line) > Beside) yield return i + 1;
            if (marks % 2 != 0) inside = !inside;
        }
    }

    /// <summary>Characters of a line from its first letter on, without what stands between its first and its last quotation mark.</summary>
    private static int Rest(string line)
    {
        var (first, last) = (line.IndexOf('"', StringComparison.Ordinal), line.LastIndexOf('"'));
        return line.Trim().Length - (first < last ? last - first : 0);
    }
}
