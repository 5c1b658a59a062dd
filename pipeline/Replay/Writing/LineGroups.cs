using Streaming.Contract.Decoding;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Puts rows that are the lines of one order together. Without a rule every row is by itself. Not thread-safe.</summary>
internal sealed class LineGroups(LineRule? rule, Filters filters)
{
    /// <summary>Rows of one order that are looked at: more than the contract's items,
    /// so that such an order is refused and not cut.</summary>
    public const int MaxRows = FieldTable.MaxItems + 1;

    private readonly Template? by = rule is null ? null : Template.Parse(rule.By, out _);
    private string open = "";

    /// <summary>The rows of the current order.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>Rows of the order at hand beyond <see cref="MaxRows"/>.</summary>
    public long Beyond { get; private set; }

    /// <summary>True when the row is another line of the order at hand; it is then taken.</summary>
    public bool TryJoin(Row row)
    {
        if (by is null || Rows.Count == 0 || open.Length == 0 || by.Fill(row, filters) != open) return false;
        if (Rows.Count < MaxRows) Rows.Add(row);
        else Beyond++;
        return true;
    }

    /// <summary>Begins another order.</summary>
    public void Begin(Row row)
    {
        Rows.Clear();
        Rows.Add(row);
        Beyond = 0;
        open = by?.Fill(row, filters) ?? "";
    }

    /// <summary>The order at hand has been written.</summary>
    public void Clear() => Rows.Clear();
}
