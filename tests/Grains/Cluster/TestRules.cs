using System.Collections.Concurrent;
using Streaming.Engine.Rules;
using Streaming.Grains.Storage;
using Streaming.Members.Rules;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>Rules all silos of a test share.</summary>
public sealed class TestRules : IClusterRules
{
    private readonly ConcurrentDictionary<ulong, RuleSet> known = new();

    public TestRules(string text) => Change(text);

    public RuleSet Current { get; private set; } = null!;

    public void Change(string text)
    {
        var result = RulesLoader.Load(text, Current);
        var rules = result.Rules ?? throw new InvalidDataException(string.Join('\n', result.Errors));
        known[rules.Hash] = rules;
        Current = rules;
    }

    public ValueTask KnowAsync(IEnumerable<ulong> hashes, CancellationToken cancel) => ValueTask.CompletedTask;

    public RuleSet Find(ulong hash) => known[hash];
}
