using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Events;

namespace Streaming.Members.Tests;

/// <summary>One input of a random life.</summary>
/// <param name="Wakes">True for a wake with everything up to <paramref name="Now"/> proven.</param>
internal sealed record Input(bool Wakes, EventKind Kind, long At, long Now, int Id, long Amount, bool HasOrder, bool HasAuthor)
{
    public void Feed(MemberTimeline life)
    {
        if (Wakes) life.Wakes(Now);
        else life.Apply(Event(life), Now);
    }

    public MemberEvent Event(MemberTimeline life)
    {
        var e = new MemberEvent { Kind = Kind, At = At, Member = life.Member.Id, Id = Text.From($"e-{Id}") };
        if (Kind.Topic() == Topic.Purchases)
        {
            e.Amount = Amount;
            e.Currency = Text.From(Amount % 3 == 0 ? "EUR" : "CNY");
            if (HasOrder) e.Order = Text.From($"o-{Id / 3}");
        }

        if (Kind == EventKind.Redeem)
        {
            e.Request = Text.From($"r-{Id}");
            e.Gift = Text.From("mug");
            e.Points = Amount % 500;
        }

        if (Kind is EventKind.Joined or EventKind.Updated)
        {
            e.Zone = Text.From((Amount % 4) switch { 0 => "Asia/Shanghai", 1 => "Europe/Berlin", 2 => "Nowhere/Else", _ => "" });
            e.Birthday = Text.From((Amount % 5) switch { 0 => "1992-02-29", 1 => "--12-31", 2 => "--03-09", _ => "" });
            e.Channels.Add(Text.From(Amount % 2 == 0 ? "email" : "sms"));
            e.Attributes.Add(new(Text.From($"a{Amount % 20}"), Text.From(new string('x', (int)(Amount % 70)))));
        }

        if (Kind == EventKind.Consent)
        {
            e.Consent.Add(new(Text.From((Amount % 3) switch { 0 => "app", 1 => "sms", _ => "email" }), Amount % 7 < 3));
        }
        if (Kind == EventKind.Adjust) e.Points = Amount % 100;
        if (HasAuthor) e.Author = Text.From("m-2");
        return e;
    }
}

/// <summary>Generators of lives: sessions, long silences, late events, repeated ids, wakes in between.</summary>
internal static class Lives
{
    private static readonly EventKind[] Kinds =
        [.. Enum.GetValues<EventKind>().Where(k => k is not (EventKind.None or EventKind.Merge or EventKind.Left or EventKind.Erase))];

    public static Arbitrary<Input[]> Any { get; } = Gen.Sized(size => Gen.ListOf(One(), size * 2)).Select(Ordered).ToArbitrary();

    private static Gen<(bool Wakes, EventKind Kind, long Gap, long Late, int Id, int Amount, int Flags)> One() =>
        from wakes in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from kind in Gen.Elements(Kinds)
        from gap in Gen.Frequency((6, Gen.Choose(0, 600_000)), (3, Gen.Choose(0, 86_400_000)),
            (1, Gen.Choose(1, 60).Select(d => d * 86_400_000)))
        from late in Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Choose(0, 2_000_000_000)))
        from id in Gen.Choose(1, 400)
        from amount in Gen.Choose(0, 100_000_000)
        from flags in Gen.Choose(0, 3)
        select (wakes, kind, (long)gap, (long)late, id, amount, flags);

    private static Input[] Ordered(IEnumerable<(bool Wakes, EventKind Kind, long Gap, long Late, int Id, int Amount, int Flags)> steps)
    {
        var now = MemberTimeline.Start;
        return [.. steps.Select(s =>
        {
            now += Math.Abs(s.Gap);
            return new Input(s.Wakes, s.Kind, now - s.Late, now, s.Id, s.Amount, (s.Flags & 1) != 0, (s.Flags & 2) != 0);
        })];
    }
}
