using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;

namespace Streaming.Grains.Tests.Receiving;

/// <summary>After any fault and any number of repeated reads each event is applied to its member once.</summary>
public sealed class ReceiverLaws
{
    /// <summary>What happens before a batch is delivered.</summary>
    public enum Fate
    {
        Nothing = 0,
        CommitRefused = 1,
        AnswerLost = 2,
        RefusedForLong = 3,
        AnswerLostForLong = 4,
        ReadFromTheStart = 5,
        OwnedByAnother = 6,
    }

    [Fact]
    public void Every_event_is_applied_once_under_failed_commits_and_repeated_reads()
    {
        var courses = (from size in Gen.Choose(1, 9) from fate in Gen.Choose(0, 6) select (Size: size, Fate: (Fate)fate)).ListOf(12);
        Prop.ForAll(courses.ToArbitrary(), course => HoldsAsync([.. course]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    private static async Task<bool> HoldsAsync(IReadOnlyList<(int Size, Fate Fate)> course)
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        var store = new FailingStore(memory);
        var landings = new Landings((_, _) => { });
        await using var silos = await TestSilos.StartAsync(1, "{}", new OpenedStore(store, memory.Outboxes), landings,
            settings: s => s.RetryFor = TimeSpan.FromMilliseconds(200));
        silos.Clock.Now = 1_800_000_000_000;
        var receiver = silos.Service<Receiver>();
        var (next, under) = (0, await AssignAsync());
        foreach (var (size, fate) in course)
        {
            var from = fate == Fate.ReadFromTheStart ? 0 : next;
            if (fate is Fate.CommitRefused or Fate.RefusedForLong) store.RefuseNext(fate == Fate.CommitRefused ? 1 : 5);
            if (fate is Fate.AnswerLost or Fate.AnswerLostForLong) store.LoseAnswers(fate == Fate.AnswerLost ? 1 : 5);
            if (fate is Fate.OwnedByAnother or Fate.ReadFromTheStart) await AssignAsync();
            while (await receiver.DeliverAsync(Events.Part("log", under.Generation, Enumerable.Range(from, next + size - from),
                silos.Clock.Now)) != ReceiverAnswer.Landed)
            {
                under = await AssignAsync(); // read again, as ingestion does
            }

            next += size;
        }

        var stored = await memory.ReadAsync([.. Events.Members.Select(Encoding.UTF8.GetBytes)], CancellationToken.None);
        Assert.Equal(0, landings.Duplicates);
        Assert.Equal(Enumerable.Range(0, next).CountBy(n => Events.Members[n % Events.Members.Count]).ToDictionary(),
            stored.ToDictionary(record => Encoding.UTF8.GetString(record.Id), record => (int)StoredMembers.Read(record).Events));
        return true;

        Task<Assignment> AssignAsync() => memory.AssignAsync("clicks", 0, "log", CancellationToken.None);
    }
}
