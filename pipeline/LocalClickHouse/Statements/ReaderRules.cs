using System.Text;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>What a reader may call, and with what. The engine looks at its clock between blocks only: no allowed call takes time
/// proportional to the product of its arguments' lengths, and search texts are short literals. Pure.</summary>
internal static class ReaderRules
{
    /// <summary>Longest text that is looked for, in bytes, and longest pattern: some patterns cost their length for each byte.</summary>
    public const int LongestNeedle = 128, LongestPattern = 64;

    /// <summary>Longest text for <c>ILIKE</c>, in bytes: it compares each byte of it at each byte of the other.</summary>
    public const int LongestCaseless = 32;

    /// <summary>Most work a statement may name: a call counts 8, an operator 1. All of it may be done on one block, without a look at the
    /// clock in between. The dashboards' largest query has 29 calls.</summary>
    public const int MostWork = 512;

    private const int CallWork = 8;

    private const string Rule = "what it looks for must be a short literal or parameter";

    /// <summary>Arguments that are looked for, counted from 0; all from the first one on when it is negative.</summary>
    private static readonly Dictionary<string, int[]> Needles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["countEqual"] = [1], ["countSubstrings"] = [1], ["has"] = [1], ["indexOf"] = [1], ["ilike"] = [1], ["like"] = [1],
        ["notILike"] = [1], ["notLike"] = [1], ["position"] = [1], ["positionCaseInsensitive"] = [1], ["replace"] = [1, 2],
        ["replaceAll"] = [1, 2], ["replaceOne"] = [1, 2], ["splitByString"] = [0],
        ["JSONExtractBool"] = [-1], ["JSONExtractFloat"] = [-1], ["JSONExtractInt"] = [-1], ["JSONExtractString"] = [-1],
        ["JSONExtractUInt"] = [-1], ["JSONHas"] = [-1], ["JSONLength"] = [-1],
        ["extract"] = [1], ["extractAll"] = [1], ["match"] = [1], ["replaceRegexpOne"] = [1, 2],
    };

    private static readonly HashSet<string> Patterns = new(StringComparer.OrdinalIgnoreCase)
    {
        "extract", "extractAll", "match", "REGEXP", "replaceRegexpOne",
    };

    private static readonly HashSet<string> Caseless = new(StringComparer.OrdinalIgnoreCase) { "ilike", "notILike" };

    /// <summary>Words after which a name may be a function that is handed over.</summary>
    private static readonly string[] BeforeHanded = ["APPLY", "DISTINCT", "SELECT", "WITH"];

    /// <summary>Every function with a rule of its own.</summary>
    public static IEnumerable<string> Functions => Needles.Keys;

    /// <summary>The reason for refusing the whole, or null.</summary>
    public static QueryError? Check(Tokens s)
    {
        var work = 0;
        for (var i = 0; i < s.Count; i++)
        {
            work += s.IsName(i) && s.IsSymbol(i + 1, '(') && s.Word(i) is not ("AND" or "IN" or "NOT" or "OR")
                && NameRules.IsFunction(s.Text(i)) ? CallWork : "+-*/%|<>=!".Any(c => s.IsSymbol(i, c)) ? 1 : 0;
        }
        return work <= MostWork ? null : Gate.Denied("The query calls too many functions for the user " +
            $"{Access.ClickHouseUsers.ReaderName}: {MostWork / CallWork} are the most, or {MostWork} operators. Split it.");
    }

    /// <summary>The reason for refusing the name at this position, or null.</summary>
    public static QueryError? Check(Tokens s, int i, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var name = s.Text(i);
        if (s.IsSymbol(i - 1, '.'))
        {
            return null;
        }
        if (GateLists.TypesOfOwner.Contains(name) && !s.Is(i - 1, "FORMAT"u8)
            && !(s.Is(i - 1, "AS"u8) && !s.IsSymbol(i + 1, '(') && !s.IsSymbol(i + 1, ')')))
        {
            return Denied($"Type {name}");
        }
        if (s.IsSymbol(i + 1, '('))
        {
            return !IsKnown(name) ? Denied($"Function {name}") : Called(s, i, parameters);
        }
        if (s.Word(i) is "LIKE" or "ILIKE" or "REGEXP" && !s.IsSymbol(i - 1, '(') && !s.IsSymbol(i - 1, ','))
        {
            return Operator(s, i, parameters);
        }
        var handed = s.IsSymbol(i - 1, '(') || s.IsSymbol(i - 1, ',') || BeforeHanded.Contains(s.Word(i - 1));
        return handed && NameRules.IsFunction(name) && (!IsKnown(name) || Needles.ContainsKey(name)) ? Denied($"Function {name}") : null;
    }

    private static bool IsKnown(string name) =>
        GateLists.Words.Contains(name) || GateLists.Types.Contains(name) || GateLists.ReaderFunctions.Contains(name)
        || GateLists.ReaderTableFunctions.Contains(name) || GateLists.Views.Contains(name) || IsCombined(name);

    private static bool IsCombined(string name) => GateLists.ReaderCombinators.Any(ending =>
        name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal)
        && name[..^ending.Length] is var function && (GateLists.ReaderFunctions.Contains(function) || IsCombined(function)));

    private static QueryError? Called(Tokens s, int i, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var name = s.Text(i);
        if (name.Equals("REGEXP", StringComparison.OrdinalIgnoreCase))
        {
            return Denied("REGEXP", $"{Rule} right after it");
        }
        if (!Needles.TryGetValue(name, out var places))
        {
            return null;
        }
        var arguments = CallArguments.Of(s, i + 1);
        if (arguments.Count == 1 && (s.Word(i) == "POSITION" ? s.Is(i + 3, "IN"u8) && IsShort(s, (i + 2, i + 3), "", parameters)
            : s.Word(i) == "EXTRACT" && s.Is(i + 3, "FROM"u8) && s.Word(i + 2).Length > 0))
        {
            return null;
        }
        var looked = places[0] < 0 ? arguments.Skip(-places[0]) : places.Select(arguments.ElementAtOrDefault);
        return looked.All(a => IsShort(s, a, name, parameters)) ? null : Denied($"Function {name}", Rule);
    }

    /// <summary><c>x LIKE 'pattern'</c>: the literal is all of the operand.</summary>
    private static QueryError? Operator(Tokens s, int i, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var end = i + 2;
        while (s.IsSymbol(i + 1, '{') && end < s.Count && !s.IsSymbol(end - 1, '}'))
        {
            end++;
        }
        return IsShort(s, (i + 1, end), s.Text(i), parameters)
            && (end >= s.Count || s.Word(end).Length > 0 || ")],".Any(c => s.IsSymbol(end, c)))
            ? null : Denied(s.Word(i), Rule);
    }

    private static bool IsShort(Tokens s, (int From, int To) a, string by, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        (a.To - a.From) switch
        {
            1 when s.IsText(a.From) => IsShort(s.Raw(a.From), by),
            1 => s.IsNumber(a.From),
            2 => s.IsSymbol(a.From, '-') && s.IsNumber(a.From + 1),
            > 4 => s.IsSymbol(a.From, '{') && s.IsSymbol(a.From + 2, ':') && s.IsSymbol(a.To - 1, '}')
                && !Enumerable.Range(a.From, a.To - a.From - 1).Any(i => s.IsSymbol(i, '}'))
                && IsShort(parameters.LastOrDefault(p => p.Key == s.Text(a.From + 1)).Value ?? "", by),
            _ => false,
        };

    /// <summary>A pattern repeats no part a counted number of times and names no class of Unicode: both are many states.</summary>
    private static bool IsShort(string text, string by) =>
        Encoding.UTF8.GetByteCount(text) <= (Caseless.Contains(by) ? LongestCaseless : Patterns.Contains(by) ? LongestPattern
            : LongestNeedle) + 2
        && !(Patterns.Contains(by) && (text.Contains('{') || text.Contains("\\x", StringComparison.Ordinal)
            || text.Contains("\\p", StringComparison.OrdinalIgnoreCase)));

    private static QueryError Denied(string what, string why = "the time or memory it takes is not bounded by the query's limits") =>
        Gate.Denied($"{what} is not available to the user {Access.ClickHouseUsers.ReaderName} in this form: {why}. A column of that " +
            "name is written with its table.");
}
