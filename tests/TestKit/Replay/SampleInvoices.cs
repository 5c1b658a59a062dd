using System.Globalization;
using System.Text;

namespace Streaming.TestKit.Replay;

/// <summary>A CSV file of invoice lines made up by rule, with what ClickHouse must hold once
/// it is replayed: worked out while the lines are written.</summary>
public sealed class SampleInvoices
{
    private readonly SortedDictionary<string, (long Events, decimal Amount)> activity = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> rejects = new(StringComparer.Ordinal);
    private readonly HashSet<int> members = [];

    /// <summary>Makes a file.</summary>
    /// <param name="lines">How many lines; duplicates of some of them come on top.</param>
    public SampleInvoices(int lines)
    {
        var csv = new StringBuilder("Invoice,When,Quantity,Price,Customer\n");
        var start = new DateTime(2021, 10, 29, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < lines; i++)
        {
            var cancelled = i % 17 == 3;
            var odd = i % 101 == 50;
            var customer = i % 13 == 7 ? -1 : i * 7919 % 331;
            var quantity = 1 + (i % 9);
            var price = (i * 31 % 5000) / 1000m;
            var at = start.AddSeconds(i * 37L);
            var line = string.Create(CultureInfo.InvariantCulture, $"{(odd ? "A" : cancelled ? "C" : "")}{i},{at:yyyy-MM-dd HH:mm:ss},{(cancelled ? -quantity : quantity)},{price},{(customer < 0 ? "" : $"{customer}.0")}\n");
            csv.Append(line);
            if (i % 29 == 11)
            {
                csv.Append(line);
                Reject("duplicate-row");
            }

            if (odd) Reject("kind-missing");
            else if (customer < 0) Reject("member-missing");
            else
            {
                // Cancellations name no order that was paid.
                if (cancelled) Reject("refund-exceeds-paid");
                Accept($"{at:yyyy-MM-dd} {(cancelled ? "cancelled" : "paid")}", quantity * price, customer);
            }
        }

        Csv = csv.ToString();
    }

    /// <summary>The file.</summary>
    public string Csv { get; }

    /// <summary>Its mapping.</summary>
    public static string Mapping => """
        topic: purchases
        at: { column: When, format: "yyyy-MM-dd HH:mm:ss" }
        kinds:
          - { kind: cancelled, column: Invoice, matches: "^C" }
          - { kind: paid, column: Invoice, matches: "^[0-9]" }
        amount: { product: [Quantity, Price], abs: [Quantity] }
        fields: { id: "{row}", order: "{Invoice}-{row}", member: "{Customer|integer}", currency: EUR }
        """;

    /// <summary>What must be there, one line per fact, in the form of <see cref="Queries"/>' answers.</summary>
    public string Expected => string.Join('\n',
    [
        .. activity.Select(day => string.Create(CultureInfo.InvariantCulture, $"{day.Key} {day.Value.Events} {day.Value.Amount:F4}")),
        .. rejects.Select(reason => $"{reason.Key} {reason.Value}"), $"members {members.Count}",
    ]);

    /// <summary>Rows that come to nothing: a refund that exceeds what was paid is applied as far as it goes.</summary>
    public long RejectedRows => rejects.Where(reason => reason.Key != "refund-exceeds-paid").Sum(reason => reason.Value);

    /// <summary>Events of a kind, of all days.</summary>
    public long Events(string kind) =>
        activity.Where(day => day.Key.EndsWith(" " + kind, StringComparison.Ordinal)).Sum(day => day.Value.Events);

    /// <summary>Queries whose answers, one after another, are <see cref="Expected"/> when nothing is missing and nothing twice.</summary>
    public static IReadOnlyList<string> Queries { get; } =
    [
        "SELECT concat(toString(toDate(minute)), ' ', kind, ' ', toString(sum(events)), ' ', toDecimalString(sum(amount), 4)) AS line " +
        "FROM engagement.activity GROUP BY toDate(minute), kind ORDER BY line",
        "SELECT concat(reason, ' ', toString(sum(records))) AS line FROM engagement.rejects GROUP BY reason ORDER BY line",
        "SELECT concat('members ', toString(count())) FROM engagement.members",
    ];

    /// <summary>Writes file and mapping into a directory and gives the argument for <c>streaming replay</c>.</summary>
    public string WriteTo(string directory)
    {
        var (file, mapping) = (Path.Combine(directory, "invoices.csv"), Path.Combine(directory, "invoices.yaml"));
        File.WriteAllText(file, Csv);
        File.WriteAllText(mapping, Mapping);
        return $"{file}={mapping}";
    }

    private void Reject(string reason) => rejects[reason] = rejects.GetValueOrDefault(reason) + 1;

    private void Accept(string day, decimal amount, int customer)
    {
        members.Add(customer);
        var before = activity.GetValueOrDefault(day);
        activity[day] = (before.Events + 1, before.Amount + amount);
    }
}
