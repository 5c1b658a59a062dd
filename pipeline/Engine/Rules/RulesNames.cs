using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Streaming.Engine.Rules;

/// <summary>Which settings a rules text names, and whether it looks whole. Thread-safe.</summary>
internal static class RulesNames
{
    /// <summary>True for a text that names no setting: it is empty or holds only comments.</summary>
    public static bool NamesNoSetting(string text) => Root(text) is null;

    /// <summary>Settings that <paramref name="before"/> names and <paramref name="after"/> does not, in the order of the former. A section
    /// that is missing as a whole is given by its name alone.</summary>
    /// <param name="before">A valid text.</param>
    /// <param name="after">Another.</param>
    public static IReadOnlyList<string> Lost(string before, string after)
    {
        var lost = new List<string>();
        Compare(Root(before), Root(after), "", lost);
        return lost;
    }

    /// <summary>True for a valid text that ends within a line and not with a closing bracket: what follows may be missing.</summary>
    public static bool EndsWithinLine(string text) => !text.EndsWith('\n') && Root(text) is { Style: not MappingStyle.Flow };

    private static void Compare(YamlMappingNode? before, YamlMappingNode? after, string path, List<string> lost)
    {
        if (before is null) return;
        foreach (var (key, value) in before.Children)
        {
            var name = path + key;
            if (after is null || !after.Children.TryGetValue(key, out var now)) lost.Add(name);
            else if (value is YamlMappingNode had) Compare(had, now as YamlMappingNode, name + ".", lost);
        }
    }

    private static YamlMappingNode? Root(string text) => YamlText.Parse(text, "The rules", new YamlErrors());
}
