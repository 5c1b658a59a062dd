using System.Globalization;
using System.Text;
using Streaming.Loadtests.Common.Lives;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Load.Prefilling;

/// <summary>The past of one member after another: it joins some day and comes back
/// for sessions, some of which end with a purchase.</summary>
/// <remarks>
/// Every member is drawn by itself, from the seed and its number alone, so a part of them can be made anywhere and again. Nobody's event
/// names another member. Not thread-safe; the spans it gives are valid until the next event.
/// </remarks>
/// <param name="plan">How many events, between when and when.</param>
public sealed class MemberPast(PastPlan plan) : IDisposable
{
    private const double MeanSession = 6;
    private const double BetweenEvents = 60_000; // of one session, milliseconds
    private readonly EventDraft draft = new() { Random = new Random(0) };
    private readonly List<(long At, bool Last)> events = [];
    private int who, next;
    private string name = "";

    /// <summary>The member's id.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>When the event last moved to happens, epoch milliseconds.</summary>
    public long At { get; private set; }

    /// <summary>Its topic.</summary>
    public Topic Topic => draft.Topic;

    /// <summary>Its value: JSON.</summary>
    public ReadOnlySpan<byte> Value => draft.Value;

    /// <summary>Goes to the beginning of a member's life.</summary>
    /// <param name="member">Which, from 0.</param>
    public void Begin(int member)
    {
        (who, next) = (member, 0);
        name = MemberLives.Name("", member);
        Key = Encoding.ASCII.GetBytes(name);
        var seed = StableHash.Of(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{plan.Seed}/{member}")));
        draft.Random = new Random((int)(seed >> 33));
        Draw(draft.Random);
    }

    /// <summary>Moves to the next event, in the order of time; false at the end of the past.</summary>
    public bool Next()
    {
        if (next == events.Count) return false;
        (At, var last) = events[next];
        draft.Begin(string.Create(CultureInfo.InvariantCulture, $"p-{who}-{next}"), name, At);
        if (next == 0) draft.Join();
        else if (last && draft.Random.Next(3) == 0) draft.Purchase(string.Create(CultureInfo.InvariantCulture, $"order-p-{who}-{next}"));
        else if (draft.Random.Next(4) == 0) draft.Chat();
        else draft.Click();
        draft.End();
        next++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => draft.Dispose();

    private void Draw(Random random)
    {
        events.Clear();
        var joined = plan.From + (long)(random.NextDouble() * (plan.To - plan.From));
        events.Add((joined, false));
        // geometric distribution with the given mean
        var left = plan.EventsPerMember > 1 ? (int)(Math.Log(1 - random.NextDouble()) / Math.Log(1 - (1 / plan.EventsPerMember))) : 0;
        while (left > 0)
        {
            var length = Math.Min(left, 1 + (int)(-Math.Log(1 - random.NextDouble()) * MeanSession));
            left -= length;
            var at = joined + (random.NextDouble() * (plan.To - joined));
            for (var i = 1; i <= length; i++)
            {
                events.Add((Math.Min((long)at, plan.To), i == length));
                at -= Math.Log(1 - random.NextDouble()) * BetweenEvents;
            }
        }

        events.Sort(1, events.Count - 1, ByTime);
    }

    private static readonly Comparer<(long At, bool Last)> ByTime = Comparer<(long At, bool Last)>.Create((a, b) => a.At.CompareTo(b.At));
}

/// <summary>What past to make.</summary>
/// <param name="Members">Members.</param>
/// <param name="EventsPerMember">Events of each on average, its joining included; 1 or more.</param>
/// <param name="From">When the past begins, epoch milliseconds.</param>
/// <param name="To">When it ends.</param>
/// <param name="Seed">Same seed, same past.</param>
public sealed record PastPlan(int Members, double EventsPerMember, long From, long To, int Seed);
