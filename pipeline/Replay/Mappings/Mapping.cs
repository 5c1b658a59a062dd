using Streaming.Engine.Rules;
using Streaming.Members.Events;

namespace Streaming.Replay.Mappings;

/// <summary>How the rows of a file become events: what a mapping file says. Read one with <see cref="MappingLoader"/>.</summary>
public sealed record Mapping
{
    /// <summary>The input topic the events belong to: clicks, purchases, chats or members.</summary>
    [NotInFiles("signals")]
    public required Topic Topic { get; init; }

    /// <summary>What kind of file it is. Default <see cref="FileFormat.Csv"/>.</summary>
    public FileFormat Format { get; init; }

    /// <summary>
    /// Encoding of a text file, for example <c>gb18030</c> or <c>windows-1252</c>. Default empty: UTF-8, or what a byte-order mark says. A
    /// byte that is not valid in the encoding stops the replay with an error that says where it is.
    /// </summary>
    public string Encoding { get; init; } = "";

    /// <summary>Which files of a zip archive are read, in the order of their names: a pattern with
    /// <c>*</c> and <c>?</c>. Default empty: its only file.</summary>
    public string Entry { get; init; } = "";

    /// <summary>The sheet of a workbook. Default empty: the first.</summary>
    public string Sheet { get; init; } = "";

    /// <summary>Lines of a text file, or rows of a workbook, before the header. Default 0, 0 to 10,000.</summary>
    public int SkipRows { get; init; }

    /// <summary>The character between columns. Default a comma.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>The character around a field that holds delimiters, or <c>none</c> where
    /// quotes are text like any other. Default <c>"</c>.</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>The character before a quote that is part of a quoted field. Default empty: the quote itself.</summary>
    public string Escape { get; init; } = "";

    /// <summary>Names of the columns of a file without a header. Default none: the first row names them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Values that mean "no value", as <c>NULL</c> or <c>nan</c>. An empty column always does.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];

    /// <summary>The largest size of a compressed file once unpacked, in MiB. Default
    /// 65,536, 1 to 1,048,576; a workbook at most 2,048.</summary>
    public long UnpackedMiB { get; init; } = 65_536;

    /// <summary>What happens with a row that is equal to an earlier row of its file. Default <see cref="DuplicateRows.Drop"/>.</summary>
    public DuplicateRows Duplicates { get; init; }

    /// <summary>Whether the events are put in the order of their times before they
    /// are sent. Default false: the order of the file.</summary>
    public bool Sort { get; init; }

    /// <summary>How many minutes earlier than a row before it a row may be without counting as late. Default 60, 0 to 525,600.</summary>
    public long DisorderMinutes { get; init; } = 60;

    /// <summary>When a row happened.</summary>
    public required TimeColumn At { get; init; }

    /// <summary>How numbers are written.</summary>
    public NumberStyle Numbers { get; init; } = new();

    /// <summary>Words for true and false beside the usual ones (see <see cref="TruthWords"/>).</summary>
    public TruthWords Words { get; init; } = new();

    /// <summary>What kind of event a row is: the first rule that fits. A row that fits none becomes an event without a kind, which is
    /// rejected as <c>kind-missing</c>.</summary>
    public required IReadOnlyList<KindRule> Kinds { get; init; }

    /// <summary>The amount of a purchase.</summary>
    public AmountRule? Amount { get; init; }

    /// <summary>
    /// Field of the event → text with <c>{column}</c>, <c>{column|filter|filter}</c>, <c>{row}</c> (number of the row, from 1) and
    /// <c>{file}</c> (name of the file up to its first dot) in it. A field whose columns are all empty is left out.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Fields of the event that hold several values.</summary>
    public IReadOnlyDictionary<string, ListRule> Lists { get; init; } = new Dictionary<string, ListRule>();

    /// <summary>Rows that are the lines of one order.</summary>
    public LineRule? Lines { get; init; }

    /// <summary><see cref="DisorderMinutes"/> in milliseconds.</summary>
    public long Disorder => DisorderMinutes * 60_000;
}

/// <summary>Kinds of files.</summary>
public enum FileFormat
{
    /// <summary>Rows with a character between columns.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    JsonLines,

    /// <summary>An Excel workbook.</summary>
    Xlsx,
}

/// <summary>What happens with equal rows.</summary>
public enum DuplicateRows
{
    /// <summary>They are counted and left out.</summary>
    Drop,

    /// <summary>They count like any other row; the row's number is appended to the id unless the id's template has {row}.</summary>
    Keep,
}
