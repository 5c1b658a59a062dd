using System.Collections.Frozen;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.Scoring;

/// <summary>Settings of the engagement score. Defaults are the shipped example's.</summary>
public sealed record ScoreRules
{
    private readonly double[] table = MakeTable(Default);

    private static readonly FrozenDictionary<EventKind, double> Default = new Dictionary<EventKind, double>
    {
        [EventKind.View] = 1, [EventKind.Share] =
        5, [EventKind.Like] = 2, [EventKind.Favorite] = 3, [EventKind.Checkin] = 2, [EventKind.Coupon] = 2,
        [EventKind.Vote] = 2, [EventKind.Answer] = 3, [EventKind.Open] = 1, [EventKind.Attend] = 10,
        [EventKind.Paid] = 20,
        [EventKind.Message] =
        2, [EventKind.Question] = 3, [EventKind.Reply] = 3, [EventKind.Reaction] = 1, [EventKind.Post] = 6, [EventKind.Idea] = 8,
        [EventKind.Review] = 8, [EventKind.Survey] = 4,
        [EventKind.Joined] = 5, [EventKind.Redeem] = 3,
        [EventKind.Appreciated] = 1,
    }.ToFrozenDictionary();

    /// <summary>Days in which the weight of an event halves. From 0.01 to 3,650; default 14.</summary>
    public double HalfLifeDays { get; init; } = 14;

    /// <summary>What an event of a kind adds. From 0 to 1,000,000; kinds not named add nothing and do not move the score.</summary>
    public IReadOnlyDictionary<EventKind, double> Weights
    {
        get;
        init
        {
            field = value;
            table = MakeTable(value);
        }
    } = Default;

    /// <summary>The half-life in milliseconds.</summary>
    internal double HalfLife => HalfLifeDays * Time.Day;

    /// <summary>What an event of this kind adds.</summary>
    internal double Weight(EventKind kind) => table[(int)kind];

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.halfLifeDays", HalfLifeDays, 0.01, 3650, errors);
        foreach (var (kind, weight) in Weights) Setting.InRange($"{path}.weights.{kind.Name()}", weight, 0, 1_000_000, errors);
    }

    private static double[] MakeTable(IReadOnlyDictionary<EventKind, double> weights)
    {
        var table = new double[EventKinds.Count];
        foreach (var (kind, weight) in weights) table[(int)kind] = weight;
        return table;
    }
}
