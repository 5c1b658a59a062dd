using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Streaming.Pipeline.Tests.Architecture;

/// <summary>What takes many collaborators does many things. Records, and structs that never change, only carry data: they are
/// exempt.</summary>
public sealed class ConstructorLaws
{
    private const int Most = 6;

    /// <summary>The rooms that this project sees: not those of the cluster host.</summary>
    public static TheoryData<string> Rooms => [.. RoomLaws.Order.Except(["Grains", "Silo"])];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_constructor_takes_at_most_six_collaborators_or_values(string room)
    {
        var types = Assembly.Load(AssemblyOf(room)).GetTypes().Where(type => !CarriesData(type)).ToList();
        Assert.NotEmpty(types);
        Assert.Empty(types.SelectMany(Constructors).Where(made => made.GetParameters().Length > Most)
            .Select(made => $"{made.DeclaringType} takes {made.GetParameters().Length}"));
    }

    private static string AssemblyOf(string room)
    {
        var project = Directory.EnumerateFiles(RoomLaws.FolderOf(room), "*.csproj").Single();
        return XDocument.Load(project).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
    }

    private static ConstructorInfo[] Constructors(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    private static bool CarriesData(Type type) => type.IsValueType
        ? type.IsDefined(typeof(IsReadOnlyAttribute))
        : type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null;
}
