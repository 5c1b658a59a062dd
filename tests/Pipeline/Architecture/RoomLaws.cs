using System.Text.RegularExpressions;
using System.Xml.Linq;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Architecture;

/// <summary>The rooms of the tree and their one-way doors.</summary>
/// <remarks>
/// The law about the direction of folders leaves two things out. The core: its capabilities share one aggregate, <c>Member</c>,
/// which holds the state of each and is handed to each. And the files in a room's own folder, which are its entrance: they put
/// its folders together, and the settings that stand there are for all of them.
/// </remarks>
public partial class RoomLaws
{
    private static readonly string[] Products = ["pipeline", "grains"];

    /// <summary>The rooms in the order of the architecture.</summary>
    internal static readonly string[] Order = ["Common", "Members", "Contract", "Engine", "Kafka", "ClickHouse", "Stores", "Replay", "Ops",
        "LocalClickHouse", "App", "Grains", "Silo"];

    /// <summary>What may look into a product's internals: its tests, and programs that measure.</summary>
    private static readonly string[] Insiders =
        ["Streaming.Pipeline.Tests", "Streaming.Integration.Tests", "Streaming.Grains.Tests", "walls", "ladder"];

    /// <summary>What one machine alone has. The cluster host sees none of it.</summary>
    private static readonly string[] OneMachine = ["Stores", "Replay", "LocalClickHouse", "App"];

    /// <summary>Every project of the products by its folder, and of the load tests as <c>Loadtests.FOLDER</c>.</summary>
    public static TheoryData<string> Rooms => [.. Projects().Keys, .. Loadtests().Keys];

    /// <summary>Those of them whose folders have doors.</summary>
    public static TheoryData<string> RoomsWithDoors => [.. Projects().Keys.Where(name => name != "Members"), .. Loadtests().Keys];

    [Fact]
    public void A_room_refers_only_to_rooms_before_it_in_the_order_of_the_architecture()
    {
        var projects = Projects();
        Assert.Equal(Order.Order(StringComparer.Ordinal), projects.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, path) in projects)
        {
            Assert.Empty(References(path).Except(Order.TakeWhile(room => room != name)));
        }
    }

    [Fact]
    public void Kafka_and_ClickHouse_stand_side_by_side()
    {
        Assert.DoesNotContain("Kafka", References(Projects()["ClickHouse"]));
        Assert.DoesNotContain("ClickHouse", References(Projects()["Kafka"]));
    }

    [Fact]
    public void The_core_sees_no_other_project() => Assert.Empty(References(Projects()["Members"]));

    [Fact]
    public void The_cluster_host_refers_to_no_single_machine_room()
    {
        var projects = Projects();
        foreach (var name in (string[])["Grains", "Silo"])
        {
            Assert.Empty(Reached(name, projects.ToDictionary(p => p.Key, p => References(p.Value))).Intersect(OneMachine));
        }
    }

    [Fact]
    public void No_product_assembly_has_InternalsVisibleTo_another()
    {
        foreach (var (name, path) in Projects())
        {
            var friends = XDocument.Load(path).Descendants("InternalsVisibleTo").Select(e => e.Attribute("Include")!.Value);
            Assert.True(!friends.Except(Insiders).Any(), $"{name} opens its internals to {string.Join(", ", friends.Except(Insiders))}.");
        }
    }

    [Theory]
    [MemberData(nameof(RoomsWithDoors))]
    public void Folders_of_a_project_use_each_other_in_one_direction(string project)
    {
        var doors = new Dictionary<string, HashSet<string>>();
        foreach (var (file, space) in Files(project))
        {
            var used = UsedSpaces().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)
                .Where(used => used.StartsWith($"Streaming.{project}.", StringComparison.Ordinal) && used != space);
            doors[space] = (doors.TryGetValue(space, out var known) ? known : new HashSet<string>()).Union(used).ToHashSet();
        }

        Assert.NotEmpty(doors);
        Assert.Empty(Cycle(doors));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Namespaces_follow_folders(string project)
    {
        var root = Root(project);
        foreach (var (file, space) in Files(project))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            Assert.Equal(folder == "." ? $"Streaming.{project}" : $"Streaming.{project}.{folder.Replace('/', '.')}", space);
        }
    }

    /// <summary>The folder of a room.</summary>
    internal static string FolderOf(string room) => Path.GetDirectoryName(Projects()[room])!;

    private static Dictionary<string, string> Projects() => Products
        .SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(path => Path.GetFileName(Path.GetDirectoryName(path)!), path => path);

    private static Dictionary<string, string> Loadtests() =>
        Directory.EnumerateFiles(SourceTree.Path("loadtests"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(path => $"Loadtests.{Path.GetFileName(Path.GetDirectoryName(path)!)}", path => path);

    private static string Root(string project) =>
        Path.GetDirectoryName(Projects().GetValueOrDefault(project) ?? Loadtests()[project])!;

    private static HashSet<string> References(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(e => Path.GetFileName(Path.GetDirectoryName(e.Attribute("Include")!.Value))!).ToHashSet();

    private static IEnumerable<(string File, string Space)> Files(string project)
    {
        var root = Root(project);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var inside = Path.GetRelativePath(root, file);
            if (inside.StartsWith("obj/", StringComparison.Ordinal) || inside.StartsWith("bin/", StringComparison.Ordinal)) continue;
            var space = OwnSpace().Match(File.ReadAllText(file));
            if (space.Success || Path.GetFileName(file) != "Program.cs") yield return (file, space.Groups[1].Value);
        }
    }

    /// <summary>The members of one cycle; empty when there is none.</summary>
    private static HashSet<string> Cycle(Dictionary<string, HashSet<string>> doors) =>
        doors.Keys.Where(name => Reached(name, doors).Contains(name)).ToHashSet();

    private static HashSet<string> Reached(string from, Dictionary<string, HashSet<string>> doors)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>([from]);
        while (next.TryPop(out var name))
        {
            foreach (var door in doors.GetValueOrDefault(name) ?? new HashSet<string>())
            {
                if (reached.Add(door)) next.Push(door);
            }
        }

        return reached;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex OwnSpace();

    [GeneratedRegex(@"^using (?:static |\w+ = )?(Streaming\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsedSpaces();
}
