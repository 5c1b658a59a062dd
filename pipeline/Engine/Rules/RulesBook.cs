using System.Collections.Concurrent;
using System.Globalization;
using Streaming.Engine.Storing;
using Streaming.Members.Rules;

namespace Streaming.Engine.Rules;

/// <summary>Every rules text the store has ever been run under, so that a member can
/// be settled from the rules it was last seen under.</summary>
/// <remarks>A text is durable here before the first batch runs under it. Thread-safe.</remarks>
public sealed class RulesBook
{
    private const string CurrentFact = "rules.current";
    private readonly ConcurrentDictionary<ulong, RuleSet> known = new();
    private readonly IFacts facts;

    /// <summary>The book of one store. A new store starts with <paramref name="file"/>;
    /// any other with the rules it last ran under.</summary>
    /// <param name="file">Text of the rules file.</param>
    /// <exception cref="StoreException">The rules in the store cannot be read by this program.</exception>
    public RulesBook(IFacts facts, string file)
    {
        this.facts = facts;
        if (Stored() is { } current)
        {
            Current = current;
            return;
        }

        Current = Load(file) ?? throw new StoreException("The rules file is not valid.", false);
        Remember(Current, file);
    }

    /// <summary>The rules in force.</summary>
    public RuleSet Current { get; private set; }

    /// <summary>Judges a text that is to take the place of the rules in force.</summary>
    /// <returns>The rules and what their text no longer names; or every error. A text without any setting is an error. A text that names
    /// fewer settings than the one in force and does not end with a line end is an error too: it was probably not written to its
    /// end.</returns>
    /// <exception cref="StoreException">The text in force cannot be read.</exception>
    public RulesResult Judge(string text)
    {
        var result = RulesLoader.Load(text, Current);
        if (result.Rules is null || result.Rules.Hash == Current.Hash) return result;
        if (RulesNames.NamesNoSetting(text)) return new(null,
            ["The file names no setting. Write {} if every setting is to have its default."]);
        var lost = RulesNames.Lost(facts[Name(Current.Hash)] ?? "", text);
        if (lost.Count > 0 && RulesNames.EndsWithinLine(text))
        {
            return new(null, [$"The file looks cut off: its last line has no line end, and these settings of the rules in force are " +
                $"missing: {string.Join(", ", lost)}. If that is intended, end the last line."]);
        }

        return result with { Lost = lost };
    }

    /// <summary>Puts other rules in force, durably. The next batch runs under them.</summary>
    public void Change(RuleSet rules, string text)
    {
        Remember(rules, text);
        Current = rules;
    }

    /// <summary>Loads the rules that another process has put in force in the same store; true when they differ from the current
    /// ones.</summary>
    /// <exception cref="StoreException">The store cannot be read, or its rules cannot be read by this program.</exception>
    public bool Refresh()
    {
        if (Stored() is not { } stored || stored.Hash == Current.Hash) return false;
        Current = stored;
        return true;
    }

    /// <summary>Rules by their hash.</summary>
    public RuleSet Find(ulong hash) => known.GetOrAdd(hash, missing =>
        Load(facts[Name(missing)] ?? throw new StoreException($"The store refers to rules {missing:x16} that it does not hold: it is " +
            $"damaged, restore a backup.", false))
        ?? throw new StoreException($"Rules {missing:x16} in the store are not valid for this version of the program: start the version " +
            $"that wrote them.", false));

    private RuleSet? Stored() => facts[CurrentFact] is { } current ? Find(ulong.Parse(current, CultureInfo.InvariantCulture)) : null;

    private static RuleSet? Load(string text) => RulesLoader.Load(text).Rules;

    private static string Name(ulong hash) => "rules." + hash.ToString("x16", CultureInfo.InvariantCulture);

    private void Remember(RuleSet rules, string text)
    {
        facts.Set((Name(rules.Hash), text), (CurrentFact, rules.Hash.ToString(CultureInfo.InvariantCulture)));
        known[rules.Hash] = rules;
    }
}
