using Streaming.Engine.Sources;
using Streaming.Engine.Status;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Of two parts' last errors the later one is shown.</summary>
public sealed class PastErrorTests
{
    [Fact]
    public void The_later_error_is_the_latest_whichever_part_had_it()
    {
        var (early, late) = (new PastError("early", 1), new PastError("late", 2));
        Assert.Equal(late, PastError.Latest(early, late));
        Assert.Equal(late, PastError.Latest(late, early));
        Assert.Equal(early, PastError.Latest(early, null));
        Assert.Equal(early, PastError.Latest(null, early));
        Assert.Null(PastError.Latest(null, null));
    }

    [Fact]
    public void A_source_notes_when_its_error_was()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var status = new SourceStatus { LastError = "the broker does not answer" };
        Assert.Equal("the broker does not answer", status.Error!.Reason);
        Assert.InRange(status.Error.At, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }
}
