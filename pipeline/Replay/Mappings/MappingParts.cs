namespace Streaming.Replay.Mappings;

/// <summary>The columns that hold the time of a row, and their format.</summary>
public sealed record TimeColumn
{
    /// <summary>The default time format.</summary>
    public const string Rfc3339 = "rfc3339";

    /// <summary>Name of the column. Either this or <see cref="Columns"/>.</summary>
    public string Column { get; init; } = "";

    /// <summary>Names of the columns where date and time have one each: their texts are joined by a blank.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// <c>rfc3339</c> (default; without an offset the time is one of <see cref="Zone"/>), <c>epoch-seconds</c>, <c>epoch-milliseconds</c>,
    /// <c>epoch-microseconds</c>, <c>excel-serial</c>, or a .NET date and time pattern such as <c>yyyy-MM-dd HH:mm:ss</c>.
    /// </summary>
    public string Format { get; init; } = TimeColumn.Rfc3339;

    /// <summary>IANA zone of times whose text names no offset. Default UTC. A local time that occurs twice (clocks set back) means the
    /// first of the two.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Names of the twelve months for <c>MMM</c> and <c>MMMM</c>, several for one month with <c>|</c>. Default the English ones.
    /// Upper and lower case are the same.</summary>
    public IReadOnlyList<string> Months { get; init; } = [];

    /// <summary>Names of the seven days from Monday for <c>ddd</c> and <c>dddd</c>, as <see cref="Months"/>.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>Words for the two halves of the day for <c>tt</c>, as <see cref="Months"/>.</summary>
    public IReadOnlyList<string> Halves { get; init; } = [];

    /// <summary>The columns, one or several.</summary>
    internal IReadOnlyList<string> All => Columns is { Count: > 0 } ? Columns : [Column];
}

/// <summary>How a file writes numbers.</summary>
public sealed record NumberStyle
{
    /// <summary>The decimal mark: <c>.</c> (default) or <c>,</c>.</summary>
    public string Decimal { get; init; } = ".";

    /// <summary>The mark between thousands: <c>.</c>, <c>,</c>, a blank (any kind of), or an apostrophe. Default empty: none.</summary>
    public string Group { get; init; } = "";

    /// <summary>Words that may stand before or behind an amount, such as <c>EUR</c>
    /// or <c>kr</c>. Signs such as € and $ always may.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];
}

/// <summary>Words for truth in lists, beside yes, y, true, t, 1, on, x and no, n,
/// false, f, 0, off. Upper and lower case are the same.</summary>
public sealed record TruthWords
{
    /// <summary>More words for yes.</summary>
    public IReadOnlyList<string> Yes { get; init; } = [];

    /// <summary>More words for no.</summary>
    public IReadOnlyList<string> No { get; init; } = [];
}

/// <summary>One rule for the kind of a row. The rule applies when its column matches, every column of
/// <see cref="When"/> does and none of <see cref="Unless"/>.</summary>
public sealed record KindRule
{
    /// <summary>The kind, one of the topic's. Either this or <see cref="From"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Text with columns that already holds the contract's name of a kind. The rule fits when the text is not empty.</summary>
    public string From { get; init; } = "";

    /// <summary>Column to look at; without one the rule looks at none.</summary>
    public string? Column { get; init; }

    /// <summary>Regular expression the column's value must match somewhere. Default: any value but an empty one.</summary>
    public string Matches { get; init; } = ".";

    /// <summary>Column → regular expression; all of them must match.</summary>
    public IReadOnlyDictionary<string, string> When { get; init; } = new Dictionary<string, string>();

    /// <summary>Column → regular expression; none of them may match.</summary>
    public IReadOnlyDictionary<string, string> Unless { get; init; } = new Dictionary<string, string>();

    /// <summary>Every condition with the path of its setting: column, pattern, and whether it must match.</summary>
    internal IEnumerable<(string Path, string Column, string Pattern, bool Must)> Conditions =>
    [
        .. Column is null ? [] : new[] { ("matches", Column, Matches, true) },
        .. When.Select(pair => ($"when.{pair.Key}", pair.Key, pair.Value, true)),
            .. Unless.Select(pair => ($"unless.{pair.Key}", pair.Key, pair.Value, false)),
    ];
}

/// <summary>An amount made of columns.</summary>
public sealed record AmountRule
{
    /// <summary>Columns that are multiplied, exactly.</summary>
    public required IReadOnlyList<string> Product { get; init; }

    /// <summary>Columns of the product whose sign is ignored.</summary>
    public IReadOnlyList<string> Abs { get; init; } = [];

    /// <summary>Decimals of the currency where the product counts its smallest unit: 2 for cents. Default 0, 0 to 4.</summary>
    public int MinorUnits { get; init; }
}

/// <summary>A field of several values.</summary>
public sealed record ListRule
{
    /// <summary>Text with columns that holds all values. JSON is taken as it is. Either this or <see cref="Entries"/>.</summary>
    public string From { get; init; } = "";

    /// <summary>What stands between the values of <see cref="From"/>. Default <c>;</c>.</summary>
    public string Split { get; init; } = ";";

    /// <summary>The text between name and value, for consent, attributes and tags. Default empty: each value is a name whose value is
    /// true.</summary>
    public string Pair { get; init; } = "";

    /// <summary>Name → text with columns, for consent, attributes and tags. A name whose columns are all empty is left out.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// For tags: how the times until which they hold are written, as <see cref="TimeColumn.Format"/>, in the mapping's zone and with its
    /// names of months. Default <c>rfc3339</c>. A word for yes makes a tag without an end; a word for no removes it.
    /// </summary>
    public string Format { get; init; } = TimeColumn.Rfc3339;
}

/// <summary>How rows become the lines of one order.</summary>
public sealed record LineRule
{
    /// <summary>Text with columns: rows one after another with the same text are one event. A row for which it is empty is an event of its
    /// own.</summary>
    public required string By { get; init; }

    /// <summary>Field of an item (sku, category, quantity, price) → text with columns. Default none: the event has no items.</summary>
    public IReadOnlyDictionary<string, string> Items { get; init; } = new Dictionary<string, string>();

    /// <summary>The order's amount. Default <see cref="LineAmount.Sum"/>.</summary>
    public LineAmount Amount { get; init; }
}

/// <summary>The amount of an order of several rows.</summary>
public enum LineAmount
{
    /// <summary>The sum of the rows' amounts.</summary>
    Sum,

    /// <summary>The first amount there is: every row, or the first alone, has that of the order.</summary>
    First,
}
