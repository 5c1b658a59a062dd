using System.Text.RegularExpressions;
using Streaming.Contract.Decoding;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>The page about the contract lists the reasons there are in their own words, and the ops page has a word for each.</summary>
public partial class ReasonTableTests
{
    [Fact]
    public void Every_reason_stands_in_the_table_with_its_number_name_and_sentence()
    {
        var table = SourceTree.Read("pipeline", "Contract", "Schemas", "README.md").Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]));
        Assert.Equal(RejectReasons.All.Select(reason => $"| {(int)reason} | `{reason.Name()}` | {reason.Sentence()} |"), table);
    }

    [Fact]
    public void The_page_has_a_word_for_every_reason_and_every_kind()
    {
        var said = Entry().Matches(SourceTree.Read("pipeline", "Ops", "web", "src", "text", "words.ts")).Select(m => m.Groups["name"].Value)
            .ToHashSet();
        var kinds = Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None).Select(kind => kind.ToString().ToLowerInvariant());
        Assert.Empty(RejectReasons.All.Select(reason => reason.Name()).Concat(kinds).Except(said));
    }

    [GeneratedRegex(@"^  '?(?<name>[a-z0-9-]+)'?: \['.+', '.+'\],$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
