using Streaming.Members.Events;

namespace Streaming.Pipeline.Replay;

/// <summary>How the rows of a CSV file become events: what a mapping file says. Read one with <see cref="MappingLoader"/>.</summary>
public sealed record Mapping
{
    /// <summary>The input topic the events belong to: clicks, purchases, chats or members.</summary>
    public required Topic Topic { get; init; }

    /// <summary>The character between columns. Default a comma.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Names of the columns of a file without a header line. Default none: the first line names them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Values that mean "no value", as <c>NULL</c> or <c>nan</c>. An empty column always does.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];

    /// <summary>How much earlier than a row before it a row may be without being late, in minutes. Default 60, 0 to 525,600.</summary>
    public long DisorderMinutes { get; init; } = 60;

    /// <summary>When a row happened.</summary>
    public required TimeColumn At { get; init; }

    /// <summary>What kind of event a row is: the first rule that fits. A row that fits none becomes an event without a kind, which is rejected as <c>kind-missing</c>.</summary>
    public required IReadOnlyList<KindRule> Kinds { get; init; }

    /// <summary>The amount of a purchase.</summary>
    public AmountProduct? Amount { get; init; }

    /// <summary>
    /// Field of the event → text with <c>{column}</c>, <c>{column|filter}</c>, <c>{row}</c> (number of the row, from 1) and <c>{file}</c> (name of
    /// the file up to its first dot) in it. A field whose columns are all empty is left out. Filters: <c>integer</c> (17850.0 → 17850), <c>trim</c>, <c>lower</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary><see cref="DisorderMinutes"/> in milliseconds.</summary>
    public long Disorder => DisorderMinutes * 60_000;
}

/// <summary>The column that says when, and how it is written.</summary>
public sealed record TimeColumn
{
    /// <summary>Name of the column.</summary>
    public required string Column { get; init; }

    /// <summary><c>rfc3339</c> (default), <c>epoch-seconds</c>, <c>epoch-milliseconds</c>, or a .NET date and time pattern such as <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    public string Format { get; init; } = TimeFormat.Rfc3339;

    /// <summary>IANA zone of times without an offset. Default UTC. Where clocks go back, the first of the two instants.</summary>
    public string Zone { get; init; } = "UTC";
}

/// <summary>One rule for the kind of a row.</summary>
public sealed record KindRule
{
    /// <summary>The kind, one of the topic's.</summary>
    public required string Kind { get; init; }

    /// <summary>Column to look at; without one the rule fits every row.</summary>
    public string? Column { get; init; }

    /// <summary>Regular expression the column's value must match somewhere. Default: any value but an empty one.</summary>
    public string Matches { get; init; } = ".";
}

/// <summary>An amount made of columns.</summary>
public sealed record AmountProduct
{
    /// <summary>Columns that are multiplied, exactly.</summary>
    public required IReadOnlyList<string> Product { get; init; }

    /// <summary>Those of them that count without their sign.</summary>
    public IReadOnlyList<string> Abs { get; init; } = [];
}
