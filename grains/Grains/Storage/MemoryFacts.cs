using System.Collections.Concurrent;
using Streaming.Engine.Storing;

namespace Streaming.Grains.Storage;

/// <summary>Facts in this process's memory. Thread-safe.</summary>
public sealed class MemoryFacts : IFacts
{
    private readonly ConcurrentDictionary<string, string> facts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? this[string name] => facts.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Set(params (string Name, string Value)[] facts)
    {
        foreach (var (name, value) in facts) this.facts[name] = value;
    }

    /// <inheritdoc/>
    public string Draw(string name, string value) => facts.GetOrAdd(name, value);
}
