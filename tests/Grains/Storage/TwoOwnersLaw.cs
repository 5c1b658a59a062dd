using FsCheck;
using FsCheck.Fluent;

namespace Streaming.Grains.Tests.Storage;

/// <summary>Silos that believe they own the same partitions and members never lose or
/// double a record, whatever they do in which order.</summary>
public abstract class TwoOwnersLaw
{
    private const int Members = 5, Partitions = 2, Records = 24;

    /// <summary>An empty store.</summary>
    protected abstract Task<OpenedStore> OpenAsync();

    /// <summary>Runs of steps that are tried.</summary>
    protected abstract int Runs { get; }

    [SkippableFact]
    public async Task Any_interleaving_of_two_owners_applies_every_record_once()
    {
        await using (await OpenAsync())
        {
            // skips where there is no such store
        }

        var step = from silo in Gen.Choose(0, 1)
                   from partition in Gen.Choose(0, Partitions - 1)
                   from assign in Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false)))
                   from most in Gen.Choose(1, 6)
                   from answer in Gen.Frequency((6, Gen.Constant(Answer.Arrives)), (1, Gen.Constant(Answer.Lost)),
                       (1, Gen.Constant(Answer.LostAndAskedAgain)))
                   select (silo, partition, assign, most, answer);
        var run = from log in Gen.ArrayOf(Gen.Choose(0, Members - 1), Partitions * Records) from steps in Gen.ListOf(step, 40)
            select (log, steps);
        Prop.ForAll(run.ToArbitrary(), tried => RunAsync(tried.log, tried.steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

        async Task RunAsync(int[] members, IEnumerable<(int Silo, int Partition, bool Assign, int Most, Answer Answer)> steps)
        {
            await using var opened = await OpenAsync();
            var log = members.Chunk(Records).Select(c => (IReadOnlyList<int>)c).ToList();
            ModelSilo[] silos = [new(opened, log), new(opened, log)];
            foreach (var (silo, partition, assign, most, answer) in steps)
            {
                if (assign) await silos[silo].AssignAsync(partition);
                else await silos[silo].ReadAsync(partition, most, answer);
            }

            await silos[0].FinishAsync();
            await EveryRecordOnceAsync(opened, log);
        }
    }

    [SkippableFact]
    public async Task Two_owners_at_the_same_time_apply_every_record_once()
    {
        await using var opened = await OpenAsync();
        var draw = new Random(7);
        var log = Enumerable.Range(0, Partitions).Select(_ =>
            (IReadOnlyList<int>)[.. Enumerable.Range(0, 200).Select(_ => draw.Next(Members))]).ToList();

        await Task.WhenAll(Enumerable.Range(1, 2).Select(seed => Task.Run(async () =>
        {
            var steps = new Random(seed);
            var silo = new ModelSilo(opened, log);
            for (var i = 0; i < 150; i++)
            {
                var partition = steps.Next(Partitions);
                if (steps.Next(4) == 0) await silo.AssignAsync(partition);
                else await silo.ReadAsync(partition, 1 + steps.Next(8), Answer.Arrives);
            }
        })));

        await new ModelSilo(opened, log).FinishAsync();
        await EveryRecordOnceAsync(opened, log);
    }

    private static async Task EveryRecordOnceAsync(OpenedStore opened, List<IReadOnlyList<int>> log)
    {
        var stored = await opened.Store.ReadAsync([.. Enumerable.Range(0, Members).Select(ModelSilo.Id)], default);
        for (var member = 0; member < Members; member++)
        {
            var applied = stored.Where(s => s.Id.AsSpan().SequenceEqual(ModelSilo.Id(member))).SelectMany(ModelSilo.Applied).ToList();
            for (var partition = 0; partition < log.Count; partition++)
            {
                Assert.Equal(
                    Enumerable.Range(0, log[partition].Count).Where(o => log[partition][o] == member).Select(o => (long)o),
                    applied.Where(a => a.Partition == partition).Select(a => a.Offset));
            }
        }
    }
}

public sealed class MemoryTwoOwners : TwoOwnersLaw
{
    protected override int Runs => 300;

    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.MemoryAsync();
}

[Collection(PostgresTests.Name)]
public sealed class PostgresTwoOwners(PostgresFixture postgres) : TwoOwnersLaw
{
    protected override int Runs => 12;

    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.PostgresAsync(postgres);
}
