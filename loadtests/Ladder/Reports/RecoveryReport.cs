using System.Globalization;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>How soon members answer again after a silo was killed, as markdown.</summary>
internal static class RecoveryReport
{
    /// <summary>Writes it.</summary>
    /// <param name="members">Members in the database.</param>
    /// <param name="asked">Members that are sent an event after the kill.</param>
    /// <param name="took">From the kill until each of those has applied its event.</param>
    public static string Write(int members, int asked, TimeSpan took, Machine machine, IReadOnlyList<string> arguments) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        {MarkdownReport.Title("Recovery")}

        Two silos, one of them killed (SIGKILL). Each of {asked} members is then sent an event.

        | members | every event applied after s |
        |---:|---:|
        | {members:N0} | {took.TotalSeconds:0.0} |

        {MarkdownReport.Footer(machine, "Kafka, ClickHouse and PostgreSQL given", arguments)}
        """);
}
