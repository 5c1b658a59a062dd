using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Tests;

/// <summary>A member under test with everything around it: applies inputs, keeps the effects as text.</summary>
internal sealed class Life
{
    /// <summary>2026-01-01, the day most examples begin.</summary>
    public const long Start = 1_767_225_600_000;

    private readonly EffectBuffer buffer = new();
    private readonly SnapshotWriter writer = new();
    private int serial;

    public Life(RuleSet? rules = null, string id = "m-1")
    {
        Rules = rules ?? new RuleSet();
        Member.Reset(System.Text.Encoding.UTF8.GetBytes(id));
    }

    public Member Member { get; } = new();

    public RuleSet Rules { get; }

    /// <summary>Every effect so far.</summary>
    public List<Seen> Effects { get; } = [];

    public static long Day(double days) => Start + Time.Days(days);

    /// <summary>Applies an event that happens <paramref name="days"/> after <see cref="Start"/> and is read at once.</summary>
    public Verdict At(double days, EventKind kind, Action<MemberEvent>? more = null) => Apply(NewEvent(Day(days), kind, more), Day(days));

    public Verdict Apply(MemberEvent e, long now)
    {
        buffer.Clear();
        var verdict = MemberCore.Apply(Member, e, now, Rules, buffer);
        Keep();
        return verdict;
    }

    public void WakeAt(double days) => Wake(Day(days), Day(days));

    public void Wake(long proven, long now)
    {
        buffer.Clear();
        MemberCore.Wake(Member, proven, now, Rules, buffer);
        Keep();
    }

    public IEnumerable<Seen> Of(EffectKind kind) => Effects.Where(e => e.Kind == kind);

    public byte[] Bytes()
    {
        writer.Clear();
        Member.Write(writer);
        return writer.Written.ToArray();
    }

    public MemberEvent NewEvent(long at, EventKind kind, Action<MemberEvent>? more = null)
    {
        var e = new MemberEvent { Kind = kind, At = at, Member = Member.Id, Id = Text.From($"e-{++serial}") };
        more?.Invoke(e);
        return e;
    }

    private void Keep()
    {
        foreach (var effect in buffer.Items) Effects.Add(Seen.Of(effect));
    }
}

/// <summary>An effect that outlives its buffer.</summary>
internal sealed record Seen(EffectKind Kind, string Rule, string Cause, int Ordinal, long Sequence, long At, long Points, long Value, string? From, string? To, string? Reason, string Subject, string Why)
{
    public static Seen Of(in Effect e)
    {
        var why = new List<string>();
        for (var i = 0; i < e.WhyCount; i++) why.Add(string.Create(CultureInfo.InvariantCulture, $"{e.Why[i].Name}={e.Why[i].Value:R}"));
        return new Seen(e.Kind, e.Rule, e.Cause.ToString(), e.Ordinal, e.Sequence, e.At, e.Points, e.Value, e.From, e.To, e.Reason, e.Subject.ToString(), string.Join(' ', why));
    }

    public double Number(string name) => double.Parse(Why.Split(' ').Single(w => w.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
}

/// <summary>One input of a random life.</summary>
/// <param name="Wakes">True for a wake with everything up to <paramref name="Now"/> proven.</param>
internal sealed record Input(bool Wakes, EventKind Kind, long At, long Now, int Id, long Amount, bool HasOrder, bool HasAuthor)
{
    public void Feed(Life life)
    {
        if (Wakes) life.Wake(Now, Now);
        else life.Apply(Event(life), Now);
    }

    public MemberEvent Event(Life life)
    {
        var e = new MemberEvent { Kind = Kind, At = At, Member = life.Member.Id, Id = Text.From($"e-{Id}") };
        if (Kind.Topic() == Topic.Purchases)
        {
            e.Amount = Amount;
            e.Currency = Text.From(Amount % 3 == 0 ? "EUR" : "CNY");
            if (HasOrder) e.Order = Text.From($"o-{Id}");
        }

        if (Kind == EventKind.Redeem)
        {
            e.Request = Text.From($"r-{Id}");
            e.Gift = Text.From("mug");
            e.Points = Amount % 500;
        }

        if (Kind == EventKind.Adjust) e.Points = Amount % 100;
        if (HasAuthor) e.Author = Text.From("m-2");
        return e;
    }
}

/// <summary>Generators of lives: sessions, long silences, late events, repeated ids, wakes in between.</summary>
internal static class Lives
{
    private static readonly EventKind[] Kinds = [.. Enum.GetValues<EventKind>().Where(k => k is not (EventKind.None or EventKind.Merge or EventKind.Left or EventKind.Erase))];

    public static Arbitrary<Input[]> Any { get; } = Gen.Sized(size => Gen.ListOf(One(), size * 2)).Select(Ordered).ToArbitrary();

    private static Gen<(bool Wakes, EventKind Kind, long Gap, long Late, int Id, int Amount, int Flags)> One() =>
        from wakes in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from kind in Gen.Elements(Kinds)
        from gap in Gen.Frequency((6, Gen.Choose(0, 600_000)), (3, Gen.Choose(0, 86_400_000)), (1, Gen.Choose(1, 60).Select(d => d * 86_400_000)))
        from late in Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Choose(0, 2_000_000_000)))
        from id in Gen.Choose(1, 400)
        from amount in Gen.Choose(0, 100_000_000)
        from flags in Gen.Choose(0, 3)
        select (wakes, kind, (long)gap, (long)late, id, amount, flags);

    private static Input[] Ordered(IEnumerable<(bool Wakes, EventKind Kind, long Gap, long Late, int Id, int Amount, int Flags)> steps)
    {
        var now = Life.Start;
        return [.. steps.Select(s =>
        {
            now += Math.Abs(s.Gap);
            return new Input(s.Wakes, s.Kind, now - s.Late, now, s.Id, s.Amount, (s.Flags & 1) != 0, (s.Flags & 2) != 0);
        })];
    }
}
