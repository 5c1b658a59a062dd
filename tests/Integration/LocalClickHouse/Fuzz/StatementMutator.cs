using System.Text;

namespace Streaming.Integration.Tests.LocalClickHouse.Fuzz;

/// <summary>Makes statements of others: the same seed gives the same statements.</summary>
internal sealed class StatementMutator(int seed, IReadOnlyList<string> seeds)
{
    private readonly Random random = new(seed);

    public string Next()
    {
        var text = Pick(seeds);
        // Half of them change little, so that many still are statements.
        for (var changes = 1 + (random.Next(2) * random.Next(5)); changes > 0; changes--)
        {
            text = Change(text);
        }
        return text;
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private string Change(string text)
    {
        var at = random.Next(text.Length + 1);
        var blank = Boundary(text);
        return random.Next(10) switch
        {
            0 => text.Insert(at, Pick(GateSeeds.Pieces)),
            1 or 2 => text.Insert(blank, Pick(GateSeeds.Pieces)),
            3 => Replace(text, Pick(GateSeeds.Pieces)),
            4 => text[..blank] + Tail(Pick(seeds)),
            5 => text.Remove(at, Math.Min(random.Next(6), text.Length - at)),
            6 => Replace(text, "(" + Pick(seeds) + ")"),
            7 => Replace(text, Word(Pick(seeds))),
            8 => SwapCase(text, at),
            _ => text[..blank] + Word(text) + text[blank..],
        };
    }

    /// <summary>A place where one token ends and another begins.</summary>
    private int Boundary(string text)
    {
        var places = Enumerable.Range(0, text.Length + 1).Where(i =>
            i == 0 || i == text.Length || char.IsLetterOrDigit(text[i - 1]) != char.IsLetterOrDigit(text[i])
            || !char.IsLetterOrDigit(text[i])).ToArray();
        return Pick(places);
    }

    private string Tail(string text) => text[Boundary(text)..];

    private string Replace(string text, string by)
    {
        var (from, to) = (Boundary(text), Boundary(text));
        return from <= to ? text[..from] + by + text[Math.Min(to, from + 20)..] : text[..to] + by + text[Math.Min(from, to + 20)..];
    }

    private string Word(string text)
    {
        var from = Boundary(text);
        var to = from;
        while (to < text.Length && char.IsLetterOrDigit(text[to]))
        {
            to++;
        }
        return to > from ? text[from..to] : text[from..Math.Min(text.Length, from + 3)];
    }

    private static string SwapCase(string text, int at)
    {
        var changed = new StringBuilder(text);
        for (var i = at; i < Math.Min(text.Length, at + 8); i++)
        {
            changed[i] = char.IsUpper(text[i]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
        }
        return changed.ToString();
    }
}
