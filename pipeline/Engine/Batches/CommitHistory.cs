using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Members.Rules;

namespace Streaming.Engine.Batches;

/// <summary>The commits of a store as batches to be applied again, each under the rules it was made under. Thread-safe.</summary>
/// <param name="store">Has the commits.</param>
/// <param name="rules">Has the rules.</param>
/// <param name="durable">How far the commits of this run are durable.</param>
public sealed class CommitHistory(IStore store, RulesBook rules, DurableCommits durable)
{
    /// <summary>Rules that a commit was made under or a member settled under, by their hash.</summary>
    public RuleSet RulesOf(ulong hash) => rules.Find(hash);

    /// <summary>Waits until a commit is durable, and so part of the history.</summary>
    public void Wait(long number) => durable.Wait(number);

    /// <summary>The durable commits after <paramref name="number"/>, in their order.</summary>
    /// <param name="number">The last commit that is left out.</param>
    /// <param name="empty">Gives an empty batch for each; null ends the run before the last.</param>
    public IEnumerable<Batch> After(long number, Func<Batch?> empty)
    {
        foreach (var commit in store.CommitsAfter(number))
        {
            if (empty() is not { } batch) yield break;
            SequenceCodec.Decode(commit.Sequence, batch, out var under);
            batch.Number = commit.Number;
            batch.Rules = rules.Find(under);
            batch.Recovering = true;
            yield return batch;
        }
    }
}
