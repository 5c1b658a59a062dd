using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Blocks;

internal enum NativeShape
{
    /// <summary><see cref="NativeType.Width"/> bytes per row.</summary>
    Fixed,

    /// <summary>A length and as many bytes, per row.</summary>
    Text,

    /// <summary>A byte per row that says whether it is null, then the values.</summary>
    Nullable,

    /// <summary>Eight bytes per row, the end of its elements; then all elements.</summary>
    Array,

    /// <summary>Each element's column in turn.</summary>
    Tuple,

    /// <summary>A dictionary and the positions in it.</summary>
    LowCardinality,
}

/// <summary>The layout of a type in the Native format, as far as needed to find the end of a column.</summary>
internal sealed record NativeType(NativeShape Shape, int Width, params NativeType[] Parts)
{
    private static readonly Dictionary<string, int> Widths = new(StringComparer.Ordinal)
    {
        ["UInt8"] = 1, ["Int8"] = 1, ["Bool"] = 1, ["Enum8"] = 1, ["Nothing"] = 1,
        ["UInt16"] = 2, ["Int16"] = 2, ["Enum16"] = 2, ["Date"] = 2, ["BFloat16"] = 2,
        ["UInt32"] = 4, ["Int32"] =
        4, ["Float32"] = 4, ["Date32"] = 4, ["DateTime"] = 4, ["DateTime32"] = 4, ["Time"] = 4, ["IPv4"] = 4, ["Decimal32"] = 4,
        ["UInt64"] = 8, ["Int64"] = 8, ["Float64"] = 8, ["DateTime64"] = 8, ["Time64"] = 8, ["Decimal64"] = 8,
        ["UInt128"] = 16, ["Int128"] = 16, ["UUID"] = 16, ["IPv6"] = 16, ["Decimal128"] = 16,
        ["UInt256"] = 32, ["Int256"] = 32, ["Decimal256"] = 32,
    };

    /// <summary>Reads a type's name as ClickHouse writes it.</summary>
    /// <exception cref="QueryException">A type whose values have no end that could be found
    /// without knowing them (states, JSON, Dynamic, Variant).</exception>
    public static NativeType Parse(string name)
    {
        var open = name.IndexOf('(');
        var (family, arguments) = open < 0 ? (name, []) : (name[..open], Split(name[(open + 1)..^1]));
        if (Widths.TryGetValue(family, out var width) || (width = WidthOf(family, arguments)) > 0)
        {
            return new(NativeShape.Fixed, width);
        }
        return family switch
        {
            "String" => new(NativeShape.Text, 0),
            "Nullable" => new(NativeShape.Nullable, 0, Parse(arguments[0])),
            "LowCardinality" => new(NativeShape.LowCardinality, 0, Parse(Unwrap(arguments[0]))),
            "Array" => new(NativeShape.Array, 0, Parse(arguments[0])),
            "Tuple" when arguments.Count == 0 => new(NativeShape.Fixed, 1),
            "Tuple" => TupleOf(arguments),
            "Nested" => new(NativeShape.Array, 0, TupleOf(arguments)),
            "Map" => new(NativeShape.Array, 0, TupleOf(arguments)),
            "SimpleAggregateFunction" => Parse(arguments[1]),
            "Point" => Parse("Tuple(Float64, Float64)"),
            "Ring" or "LineString" => Parse("Array(Point)"),
            "Polygon" or "MultiLineString" => Parse("Array(Ring)"),
            "MultiPolygon" => Parse("Array(Polygon)"),
            _ => throw new QueryException(ErrorCode.NotImplemented, $"Type {name} is not available in format Native with " +
                $"client_protocol_version in the embedded engine: convert the column, or ask for another format."),
        };
    }

    private static int WidthOf(string family, List<string> arguments) => family switch
    {
        "FixedString" => int.Parse(arguments[0]),
        "Decimal" => int.Parse(arguments[0]) switch { <= 9 => 4, <= 18 => 8, <= 38 => 16, _ => 32 },
        _ when family.StartsWith("Interval", StringComparison.Ordinal) => 8,
        _ => 0,
    };

    private static NativeType TupleOf(List<string> elements) => new(NativeShape.Tuple, 0, [.. elements.Select(e => Parse(WithoutName(e)))]);

    private static string Unwrap(string name) =>
        name.StartsWith("Nullable(", StringComparison.Ordinal) ? name["Nullable(".Length..^1] : name;

    /// <summary>An element may have a name before its type.</summary>
    private static string WithoutName(string element)
    {
        var space = Find(element, ' ', 0);
        return space < 0 ? element : element[(space + 1)..];
    }

    private static List<string> Split(string arguments)
    {
        var parts = new List<string>();
        for (var from = 0; from < arguments.Length;)
        {
            var comma = Find(arguments, ',', from);
            var end = comma < 0 ? arguments.Length : comma;
            parts.Add(arguments[from..end].Trim());
            from = end + 1;
        }
        return parts;
    }

    /// <summary>The first such character outside parentheses and quotes.</summary>
    private static int Find(string text, char wanted, int from)
    {
        var depth = 0;
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (c == wanted && depth == 0)
            {
                return i;
            }
            if (c is '\'' or '`' or '"')
            {
                for (i++; i < text.Length && text[i] != c; i++)
                {
                    i += text[i] == '\\' ? 1 : 0;
                }
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return -1;
    }
}
