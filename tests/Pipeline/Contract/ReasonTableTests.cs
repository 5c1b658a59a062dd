using System.Text.RegularExpressions;
using Streaming.Contract.Decoding;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>The contract's README lists every reject reason with its description; the ops page has a text for each.</summary>
public partial class ReasonTableTests
{
    [Fact]
    public void The_reason_table_of_the_README_lists_every_reject_reason()
    {
        var table = SourceTree.Read("pipeline", "Contract", "Schemas", "README.md").Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]));
        Assert.Equal(RejectReasons.All.Select(reason => $"| {(int)reason} | `{reason.Name()}` | {reason.Sentence()} |"), table);
    }

    [Fact]
    public void The_ops_page_has_a_text_for_every_reason_and_kind()
    {
        var source = SourceTree.Read("pipeline", "Ops", "web", "src", "text", "code-names.ts");
        var said = Entry().Matches(source).Select(m => m.Groups["name"].Value).ToHashSet();
        var kinds = Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None).Select(kind => kind.ToString().ToLowerInvariant());
        Assert.Empty(RejectReasons.All.Select(reason => reason.Name()).Concat(kinds).Except(said));
    }

    [GeneratedRegex(@"^  '?(?<name>[a-z0-9-]+)'?: \['.+', '.+'\],$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
