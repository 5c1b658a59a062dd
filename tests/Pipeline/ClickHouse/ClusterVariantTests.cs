using System.Text.RegularExpressions;
using Streaming.ClickHouse.Migrating;

namespace Streaming.Pipeline.Tests.ClickHouse;

public partial class ClusterVariantTests
{
    public static TheoryData<string> Names { get; } = [.. Migration.All.Select(m => m.Name)];

    /// <summary>Every migration that was released, and the hash of its text.</summary>
    public static TheoryData<string, string> Released { get; } = new()
    {
        { "0001_tables", "56a0eaaff1333ffa2a9ad11c2226ed9839da7e4ee1668608b26068d2657a64c3" },
        { "0002_views", "9f3c55e3ce60c6dae7ae1a8f26d94d7e779a76d538ad98576a19813a3e1a86ec" },
        { "0003_projections", "734baefda692dab6739147303f3bb263e04fb88ed59ce7d519c23e7e6bb18713" },
        { "0004_population_history", "bf711036bd8cb20c44cd26aa6d928ad33a706d69bd4d3480809455b3ef990eb8" },
        { "0005_plain_words", "dbc83137204a1ad7cef7bcdde0363bba684c2d3b0d52a33806cd544be1fed9ed" },
        { "0006_numbered_words", "e1d12bd79aaf93f3ecbb778d55fbb006b6201b69e6cc5a3883fdc82179d088c3" },
        { "0007_orders", "809c9f14614fd2cf5427d7bf516c6d07207de58c5488b18f8486fa089ac292c4" },
        { "0008_members_as_of", "e75e8036899106a1351b1dd0eaeb42418ba3eea264c06aab3dec9b0b490c3143" },
    };

    [Fact]
    public void Every_migration_has_its_hash_here() =>
        Assert.Equal(Migration.All.Select(m => m.Name), Released.Select(released => (string)released[0]));

    [Theory]
    [MemberData(nameof(Released))]
    public void Migrations_for_one_server_are_unchanged(string name, string hash) =>
        Assert.Equal(hash, Migration.All.Single(m => m.Name == name).Hash);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cluster_migration_differs_only_in_ON_CLUSTER_and_the_engine(string name)
    {
        var plain = Migration.All.Single(m => m.Name == name);
        var cluster = ClusterVariant.Of(plain, "main").ToList();
        Assert.Equal(plain.Statements.Count, cluster.Count);
        Assert.All(plain.Statements.Zip(cluster), pair =>
        {
            var (before, after) = pair;
            Assert.Single(OnCluster().Matches(after));
            Assert.Equal(Engine().Count(after), Replicated().Count(after));
            var back = Replicated().Replace(OnCluster().Replace(after, ""),
                m => "ENGINE = " + m.Groups[1].Value + (m.Groups[2].Success ? $"({m.Groups[2].Value})" : ""));
            Assert.Equal(Like().Match(before) is { Success: true } like ? Definition(plain, like.Groups[2].Value)
                .Replace(like.Groups[2].Value, like.Groups[1].Value, StringComparison.Ordinal) : before, back);
        });
    }

    [Fact]
    public void An_engine_keeps_its_family_and_its_column()
    {
        Assert.Equal(
            "CREATE TABLE IF NOT EXISTS a ON CLUSTER `c` (v UInt64) ENGINE = " +
            "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', v) ORDER BY v",
            ClusterVariant.Of("CREATE TABLE IF NOT EXISTS a (v UInt64) ENGINE = ReplacingMergeTree(v) ORDER BY v", "c"));
        Assert.Equal("CREATE DATABASE IF NOT EXISTS `e` ON CLUSTER `c`", ClusterVariant.Of("CREATE DATABASE IF NOT EXISTS `e`", "c"));
        Assert.Equal("ALTER TABLE a ON CLUSTER `c` MODIFY SETTING b = 'ENGINE'", ClusterVariant.Of("ALTER TABLE a MODIFY SETTING " +
            "b = 'ENGINE'", "c"));
    }

    [Theory]
    [InlineData("DROP TABLE a")]
    [InlineData("CREATE MATERIALIZED VIEW a AS SELECT 1")]
    [InlineData("INSERT INTO a SELECT 1")]
    public void An_unknown_kind_of_statement_is_refused_for_a_cluster(string statement) =>
        Assert.Throws<NotSupportedException>(() => ClusterVariant.Of(statement, "c"));

    [Fact]
    public void A_table_like_one_of_another_migration_is_refused() =>
        Assert.Throws<NotSupportedException>(() =>
            ClusterVariant.Of(Migration.Parse("0009_like", "CREATE TABLE IF NOT EXISTS b AS a;"), "c").ToList());

    private static string Definition(Migration migration, string table) =>
        migration.Statements.Single(s => s.StartsWith($"CREATE TABLE IF NOT EXISTS {table}\n", StringComparison.Ordinal));

    [GeneratedRegex(" ON CLUSTER `main`")]
    private static partial Regex OnCluster();

    [GeneratedRegex("ENGINE = ")]
    private static partial Regex Engine();

    [GeneratedRegex(@"ENGINE = Replicated(\w+)\('/clickhouse/tables/\{shard\}/\{database\}/\{table\}', '\{replica\}'(?:, (\w+))?\)")]
    private static partial Regex Replicated();

    [GeneratedRegex(@"^CREATE TABLE IF NOT EXISTS (\w+) AS (\w+)$")]
    private static partial Regex Like();
}
