using System.Text;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Common.Lives;

/// <summary>The members to generate.</summary>
/// <param name="Members">How many members there are; not all need be met.</param>
/// <param name="Sessions">Sessions under way at the same time. With as many as there are events per minute, about a minute lies between two
/// events of one session.</param>
/// <param name="Seed">Same seed, same lives.</param>
/// <param name="Run">Stands in every member's and event's id, so that no run repeats another's. Empty: none.</param>
/// <param name="Exponent">Of Zipf's law, by which members are drawn: at 0.8 the busiest
/// of 50,000 makes 2.6 % of all sessions; 0 for all alike.</param>
/// <param name="HotShare">Share of the sessions that one member has beside that, 0 to 1.</param>
/// <param name="Known">True when these members have joined before, under ids without <paramref name="Run"/>: nobody joins.</param>
public sealed record LivesOptions(int Members, int Sessions, int Seed, string Run = "", double Exponent = 0.8, double HotShare = 0,
    bool Known = false);

/// <summary>A stream of generated events: sessions of busy and quiet members that overlap in time.</summary>
/// <remarks>
/// A member joins with its first event; a session has 6 events on average, mostly clicks, and may end with a purchase.
/// Deterministic. Not thread-safe; the spans it gives are valid until the next event.
/// </remarks>
public sealed class MemberLives : IDisposable
{
    private const double MeanSession = 6;
    private readonly LivesOptions options;
    private readonly Random random;
    private readonly double[] cumulative;
    private readonly bool[] joined;
    private readonly (int Member, int Left)[] sessions;
    private readonly EventDraft draft;
    private readonly Func<string> author;
    private long number;

    /// <summary>Lives that have not begun.</summary>
    public MemberLives(LivesOptions options)
    {
        this.options = options;
        random = new Random(options.Seed);
        joined = new bool[options.Members];
        if (options.Known) Array.Fill(joined, true);
        cumulative = new double[options.Members];
        var sum = 0.0;
        for (var i = 0; i < cumulative.Length; i++) cumulative[i] = sum += Math.Pow(i + 1, -options.Exponent);
        sessions = new (int, int)[Math.Max(1, options.Sessions)];
        draft = new EventDraft { Random = random };
        author = () => Name(Draw());
    }

    /// <summary>Topic of the event last moved to.</summary>
    public Topic Topic => draft.Topic;

    /// <summary>Its key: the member's id.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Its value: JSON.</summary>
    public ReadOnlySpan<byte> Value => draft.Value;

    /// <summary>Its id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>What it is, as the contract names it.</summary>
    public string Kind => draft.Kind;

    /// <summary>Members met so far.</summary>
    public int Met { get; private set; }

    /// <summary>The id of a member of a run.</summary>
    /// <param name="run">The run's part of it, or empty.</param>
    /// <param name="who">Which member, from 0.</param>
    public static string Name(string run, int who) => $"m-{run}{who:0000000}";

    /// <summary>Moves to the next event.</summary>
    /// <param name="at">When it happens, epoch milliseconds.</param>
    public void Next(long at)
    {
        number++;
        ref var session = ref sessions[random.Next(sessions.Length)];
        if (session.Left == 0) session = (Draw(), 1 + (int)(-Math.Log(1 - random.NextDouble()) * MeanSession));
        session.Left--;
        Write(session.Member, at, last: session.Left == 0);
    }

    /// <inheritdoc/>
    public void Dispose() => draft.Dispose();

    private int Draw()
    {
        if (options.HotShare > 0 && random.NextDouble() < options.HotShare) return 0;
        var found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, cumulative.Length - 1);
    }

    private string Name(int who) => Name(options.Known ? "" : options.Run, who);

    private void Write(int who, long at, bool last)
    {
        var name = Name(who);
        Id = $"e-{options.Run}{number}";
        Key = Encoding.ASCII.GetBytes(name);
        draft.Begin(Id, name, at);
        if (!joined[who])
        {
            joined[who] = true;
            Met++;
            draft.Join();
        }
        else if (last && random.Next(3) == 0)
        {
            draft.Purchase($"order-{options.Run}{number}");
        }
        else if (random.Next(4) == 0)
        {
            draft.Chat();
        }
        else
        {
            draft.Click(author);
        }

        draft.End();
    }
}
