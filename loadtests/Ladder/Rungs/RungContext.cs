using Streaming.Common.CommandLine;
using Streaming.Contract.Records;
using Streaming.Engine.Rules;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common.Installations;
using Streaming.Members.Rules;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>What a rung is measured on.</summary>
/// <param name="Bootstrap">The broker.</param>
/// <param name="ClickHouse">ClickHouse's HTTP address; only the pipeline needs it.</param>
/// <param name="Prefix">What the topics' names begin with.</param>
/// <param name="Events">How many events stand in the topics.</param>
/// <param name="RulesPath">Rules file; null for the shipped one.</param>
/// <param name="Data">Folder for the pipeline's store.</param>
/// <param name="Members">Members that the store is filled with; only the rung <c>members</c> needs it.</param>
internal sealed record RungContext(string Bootstrap, string? ClickHouse, string Prefix, long Events, string? RulesPath, string Data,
    int Members)
{
    /// <summary>The clients' settings: the pipeline's own, for every rung.</summary>
    public KafkaSettings Kafka { get; } = ExistingKafka.At(Bootstrap, "streaming");

    /// <summary>Folder of the pipeline's store.</summary>
    public string Store => Path.Combine(Data, "store");

    /// <summary>The topics.</summary>
    public InputTopics Topics { get; } = new(Prefix);

    /// <summary>The database that belongs to a prefix: its letters and digits.</summary>
    public static string Database(string prefix) => prefix.Replace('-', '_').TrimEnd('_');

    /// <summary>Text of the rules file.</summary>
    /// <exception cref="CommandException">It cannot be read; exit code 2.</exception>
    public string RulesText
    {
        get
        {
            var errors = new List<string>();
            var text = RulesFile.Read(RulesFile.PathOf(RulesPath ?? ""), errors);
            return errors.Count == 0 ? text : throw new CommandException(string.Join('\n', errors), 2);
        }
    }

    /// <summary>The rules, valid.</summary>
    /// <exception cref="CommandException">They are not.</exception>
    public RuleSet Rules()
    {
        var loaded = RulesLoader.Load(RulesText);
        return loaded.Rules ?? throw new CommandException("The rules file cannot be used:\n" + string.Join('\n', loaded.Errors), 2);
    }
}
