using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Events;
using Streaming.Members.Profiles;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Tests;

public class ProfileTests
{
    [Fact]
    public void A_table_of_texts_is_a_dictionary_with_bounds() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 30), Gen.Choose(-1, 70)).ListOf().ToArbitrary(),
        sets =>
        {
            var table = new TextTable();
            var model = new List<(string Name, string Value)>();
            foreach (var (number, length) in sets)
            {
                var name = $"n{number}";
                var at = model.FindIndex(m => m.Name == name);
                if (length < 0)
                {
                    table.Remove(Encoding.UTF8.GetBytes(name));
                    if (at >= 0) model.RemoveAt(at);
                    continue;
                }

                var value = new string('v', length);
                var fits = length <= 64 && (at >= 0 || model.Count < 16);
                Assert.Equal(fits, table.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
                if (fits && at >= 0) model[at] = (name, value);
                else if (fits) model.Add((name, value));
            }

            var writer = new SnapshotWriter();
            table.Write(writer);
            var again = new TextTable();
            var reader = new SnapshotReader(writer.Written);
            again.Read(ref reader);
            var read = new List<(string, string)>();
            foreach (var entry in again) read.Add((Encoding.UTF8.GetString(entry.Name), Encoding.UTF8.GetString(entry.Value)));
            Assert.Equal(model, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Facts_are_kept_and_what_does_not_fit_is_counted()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2026-01-01T00:00Z", e =>
        {
            e.Zone = Text.From("Mars/Olympus");
            e.Attributes.Add(new(Text.From("region"), Text.From("华东")));
            e.Attributes.Add(new(Text.From("essay"), Text.From(new string('x', 65))));
            for (var i = 0; i < 20; i++) e.Attributes.Add(new(Text.From($"a{i}"), Text.From("1")));
        });
        var profile = life.Member.Profile;
        Assert.Equal(1 + 1 + 5, profile.FactsLeftOut);
        Assert.Same(Zones.Utc, profile.Zone);
        Assert.True(profile.Attributes.TryGet("region"u8, out var region));
        Assert.Equal("华东", Encoding.UTF8.GetString(region));
        life.Happens(EventKind.Updated, "2026-01-02T00:00Z", e => e.Attributes.Add(new(Text.From("region"), default)));
        Assert.False(life.Member.Profile.Attributes.TryGet("region"u8, out _));
    }

    [Fact]
    public void Source_and_referrer_are_kept_from_the_first_joined_event()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2026-01-01T00:00Z", e => e.Referrer = Text.From("m-9"));
        life.Happens(EventKind.Left, "2026-01-02T00:00Z");
        Assert.True(life.Member.Profile.Left);
        life.Happens(EventKind.Joined, "2026-01-03T00:00Z", e => e.Referrer = Text.From("m-8"));
        Assert.False(life.Member.Profile.Left);
        Assert.Equal("m-9", life.Member.Profile.Referrer.ToString());
    }

    [Theory]
    [InlineData("1992-02-29", 2, 29, 1992)]
    [InlineData("--02-29", 2, 29, 0)]
    [InlineData("--12-31", 12, 31, 0)]
    [InlineData("1993-02-29", 0, 0, 0)]
    [InlineData("--13-01", 0, 0, 0)]
    [InlineData("yesterday", 0, 0, 0)]
    public void A_birthday_is_read_with_its_day_and_month_or_counted_as_invalid(string text, int month, int day, int year)
    {
        var birthday = Birthday.From(Encoding.UTF8.GetBytes(text));
        Assert.Equal((month, day, year), (birthday.Month, birthday.Day, birthday.IsKnown ? birthday.Year : 0));
    }
}
