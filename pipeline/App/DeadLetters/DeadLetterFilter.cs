using System.Text;

namespace Streaming.App.DeadLetters;

/// <summary>Which letters are meant.</summary>
/// <param name="Reason">Only with this reason; null for any.</param>
/// <param name="Topic">Only from this topic; null for any.</param>
/// <param name="Member">Only with this key; null for any.</param>
/// <param name="Skip">So many of the first that match are left out.</param>
/// <param name="Most">So many after them at most.</param>
internal sealed record DeadLetterFilter(string? Reason, string? Topic, string? Member, int Skip, int Most)
{
    /// <summary>Letters that match, oldest first in each partition. Marks and what is no letter of ours are never among them.</summary>
    /// <param name="all">Every message of the topic.</param>
    public IEnumerable<StoredDeadLetter> Of(IEnumerable<StoredDeadLetter> all) => all.Where(Matches).Skip(Skip).Take(Most);

    private bool Matches(StoredDeadLetter letter) =>
        letter.Redriven is null && letter.Reason.Length > 0
        && (Reason is null || letter.Reason == Reason) && (Topic is null || letter.Topic == Topic)
        && (Member is null || letter.Message.Key.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Member)));
}
