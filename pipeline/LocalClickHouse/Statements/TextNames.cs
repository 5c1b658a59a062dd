using System.Text;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// Functions that take a name as a text: of a type, an aggregate function, a format, a setting. The text is one literal, and what it says
/// is checked as if it were written in the statement. Pure.
/// </summary>
internal static class TextNames
{
    private static readonly Dictionary<string, (Kind Kind, int Argument)> Places = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CAST"] = (Kind.Type, 1),
        ["accurateCast"] = (Kind.Type, 1),
        ["accurateCastOrDefault"] = (Kind.Type, 1),
        ["accurateCastOrNull"] = (Kind.Type, 1),
        ["reinterpret"] = (Kind.Type, 1),
        ["defaultValueOfTypeName"] = (Kind.Type, 0),
        ["dynamicElement"] = (Kind.Type, 1),
        ["getSubcolumn"] = (Kind.Type, 1),
        ["variantElement"] = (Kind.Type, 1),
        ["JSONExtract"] = (Kind.Type, Last),
        ["JSONExtractCaseInsensitive"] = (Kind.Type, Last),
        ["JSONExtractKeysAndValues"] = (Kind.Type, Last),
        ["JSONExtractKeysAndValuesCaseInsensitive"] = (Kind.Type, Last),
        ["arrayReduce"] = (Kind.Aggregate, 0),
        ["arrayReduceInRanges"] = (Kind.Aggregate, 0),
        ["initializeAggregation"] = (Kind.Aggregate, 0),
        ["formatRow"] = (Kind.Format, 0),
        ["formatRowNoNewline"] = (Kind.Format, 0),
        ["getSetting"] = (Kind.Setting, 0),
        ["getSettingOrDefault"] = (Kind.Setting, 0),
    };

    private const int Last = -1;

    private enum Kind
    {
        Type,
        Aggregate,
        Format,
        Setting,
    }

    /// <summary>Every function that takes one.</summary>
    public static IEnumerable<string> Functions => Places.Keys;

    /// <summary>The reason for refusing the name at this position, or null. It is called, or handed over as in <c>APPLY name</c>.</summary>
    public static QueryError? Check(Tokens s, int i, Caller caller)
    {
        var name = s.Text(i);
        if (!Places.TryGetValue(name, out var place) || s.IsSymbol(i - 1, '.'))
        {
            return null;
        }
        if (!s.IsSymbol(i + 1, '('))
        {
            return Gate.Denied($"{name} takes a name as a text, so that it is called, not handed over, in the embedded engine. A column " +
                $"of that name is written with its table, as in t.{name}.");
        }
        var arguments = CallArguments.Of(s, i + 1);
        if (name.Equals("CAST", StringComparison.OrdinalIgnoreCase) && arguments.Count == 1)
        {
            // CAST(x AS T): the type stands there.
            return null;
        }
        var (from, to) = arguments.ElementAtOrDefault(place.Argument == Last ? arguments.Count - 1 : place.Argument);
        return to - from == 1 && s.IsText(from) && s.HasSimpleEscapes(from)
            ? Judge(place.Kind, s.Text(from), caller)
            : Gate.Denied($"{name} takes the name of its {place.Kind.ToString().ToLowerInvariant()} as one plain literal in the embedded " +
                "engine.");
    }

    private static QueryError? Judge(Kind kind, string text, Caller caller) => kind switch
    {
        Kind.Format => Gate.CheckFormat(text),
        Kind.Setting => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? null : Gate.Denied($"'{text}' names no setting."),
        Kind.Aggregate => Written(text.Contains('(') ? text : text + "()", caller),
        _ => Written(text, caller),
    };

    private static QueryError? Written(string text, Caller caller)
    {
        try
        {
            return NameRules.Check(Tokens.Of(Encoding.UTF8.GetBytes(text)), caller, []);
        }
        catch (QueryException e)
        {
            return e.Error;
        }
    }
}
