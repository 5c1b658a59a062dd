using Streaming.Engine.Rows;

namespace Streaming.ClickHouse.Tables;

/// <summary>Every table blocks are formed for, and which rows of a chunk go where.</summary>
internal sealed class EngagementTables
{
    private readonly ActivityTable activity = new();
    private readonly PointsTable points = new();
    private readonly TransitionsTable transitions = new();
    private readonly PopulationTable population = new();
    private readonly PopulationChangesTable populationChanges = new();
    private readonly RejectsTable rejects = new();
    private readonly RetentionTable retention = new();
    private readonly EffectTable alerts = new("alerts_rows"), rewards = new("rewards_rows");
    private readonly EffectTable careActions = new("care_actions_rows"), changes = new("changes_rows");
    private readonly MembersTable members = new();
    private readonly RulesTable rules = new();
    private readonly HealthTable health = new();

    public EngagementTables() => All =
    [
        activity, points, transitions, population, populationChanges, rejects, retention,
        alerts, rewards, careActions, changes, members, rules, health,
    ];

    /// <summary>The names of all tables, in the order their blocks are formed.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. new EngagementTables().All.Select(t => t.Name)];

    /// <summary>All tables, in the order their blocks are formed.</summary>
    public IReadOnlyList<TableBuffer> All { get; }

    /// <summary>Adds every row of a chunk to its table.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged or of a newer version.</exception>
    public void Add(ReadOnlySpan<byte> chunk)
    {
        var from = new RowChunkReader(chunk);
        if (from.Byte() is var format and not RowChunk.Format) throw RowChunkReader.Damaged($"format {format} is not known");
        while (!from.AtEnd)
        {
            var section = (RowSection)from.Byte();
            for (var left = from.Unsigned(); left > 0; left--) AddRow(section, ref from);
        }
    }

    private void AddRow(RowSection section, ref RowChunkReader from)
    {
        switch (section)
        {
            case RowSection.Activity: activity.Add(RowEncoding.Activity(ref from, out var sum), sum); break;
            case RowSection.Points: points.Add(RowEncoding.Points(ref from, out var entries), entries); break;
            case RowSection.Transitions: transitions.Add(RowEncoding.Transition(ref from, out var moved), moved); break;
            case RowSection.Population:
                var bucket = RowEncoding.Population(ref from, out var delta);
                population.Add((bucket.Gauge, bucket.Bucket), delta);
                populationChanges.Add(bucket, delta);
                break;
            case RowSection.Rejects: rejects.Add(RowEncoding.Reject(ref from, out var records), records); break;
            case RowSection.Retention: retention.Add(RowEncoding.Retention(ref from, out var active), active); break;
            case RowSection.Effects: Effects((Members.Effects.Stream)from.Byte()).Add(ref from); break;
            case RowSection.Members: members.Add(RowEncoding.Member(ref from, out var row), row); break;
            case RowSection.Rules: rules.Add(ref from); break;
            case RowSection.Health: health.Add(ref from); break;
            default: throw RowChunkReader.Damaged($"section {section} is not known");
        }
    }

    private EffectTable Effects(Members.Effects.Stream stream) => stream switch
    {
        Members.Effects.Stream.ChurnAlerts => alerts,
        Members.Effects.Stream.Rewards => rewards,
        Members.Effects.Stream.CareActions => careActions,
        Members.Effects.Stream.MemberChanges => changes,
        _ => throw RowChunkReader.Damaged($"stream {stream} leaves no rows"),
    };
}
