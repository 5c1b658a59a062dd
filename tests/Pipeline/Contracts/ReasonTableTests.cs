using Streaming.Pipeline.Decode;

namespace Streaming.Pipeline.Tests.Contracts;

/// <summary>The page about the contract lists the reasons there are, in their own words.</summary>
public class ReasonTableTests
{
    [Fact]
    public void Every_reason_stands_in_the_table_with_its_number_name_and_sentence()
    {
        var table = SourceTree.Read("pipeline", "Pipeline", "Contracts", "README.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]));
        Assert.Equal(RejectReasons.All.Select(reason => $"| {(int)reason} | `{reason.Name()}` | {reason.Sentence()} |"), table);
    }
}
