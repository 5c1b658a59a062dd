using FsCheck;
using FsCheck.Fluent;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Tests;

public class WorkloadTests
{
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_workload_is_valid(string file) => Assert.NotEmpty(Workload.Read(file).Phases);

    [Fact]
    public void A_wrong_workload_is_refused_with_every_error_at_once()
    {
        var errors = new Workload { Members = 0, Zipf = 3, Complaints = 1, Storm = new StormPlan { Kind = "hail", Members = 0 },
            Phases = [new Phase { Seconds = 0, Rate = -1 }] }.Validate();
        Assert.Equal(7, errors.Count);
        Assert.Contains(errors, e => e.StartsWith("storm.kind is \"hail\"", StringComparison.Ordinal));
        Assert.Contains(new Workload().Validate(), e => e.StartsWith("phases is empty", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(59.9, true)]
    [InlineData(60, false)]
    [InlineData(-1, false)]
    [InlineData(double.NaN, false)]
    public void A_warm_up_must_be_shorter_than_the_run(double seconds, bool valid) =>
        Assert.Equal(valid, new Workload { WarmUpSeconds = seconds, Phases =
            [new Phase { Seconds = 60, Rate = 1 }] }.Validate().Count == 0);

    [Fact]
    public void A_phase_has_as_many_events_as_its_rate_in_ascending_order() =>
        Prop.ForAll(
            Gen.Choose(1, 60).SelectMany(s => Gen.Choose(1, 300).SelectMany(r => Gen.Choose(1, 300)
                .Select(t => new Phase { Seconds = s, Rate = r, To = t }))).ToArbitrary(),
            phase =>
            {
                var times = phase.Times().ToArray();
                Assert.Equal((long)Math.Round((phase.Rate + phase.To!.Value) / 2 * phase.Seconds), times.Length);
                Assert.Equal(times.Order(), times);
                Assert.All(times, t => Assert.InRange(t, 0, phase.Seconds + 1e-6));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_storm_comes_at_its_minute_between_the_lead_and_an_hour_later() =>
        Prop.ForAll(
            Gen.Choose(0, 23).SelectMany(h => Gen.Choose(0, 59).SelectMany(m => Gen.Choose(10, 3_000)
                .SelectMany(lead => Gen.Choose(0, 86_400).Select(at => (h, m, lead, at))))).ToArbitrary(),
            given =>
            {
                var storm = new StormPlan { Kind = StormPlan.Birthday, Time = $"{given.h:00}:{given.m:00}", LeadSeconds = given.lead };
                var now = 1_800_000_000_000 + (given.at * 1000L);
                var instant = storm.InstantAfter(now);
                Assert.InRange(instant, now + (given.lead * 1000L), now + (given.lead * 1000L) + 3_599_999);
                Assert.Equal(given.m, DateTimeOffset.FromUnixTimeMilliseconds(instant).Minute);
            }).QuickCheckThrowOnFailure();

    public static TheoryData<string> Shipped() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "workloads"), "*.yaml")];
}
