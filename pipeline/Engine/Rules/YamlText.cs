using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Streaming.Engine.Rules;

/// <summary>Reads a text that must be one YAML document of <c>name: value</c> lines.</summary>
public static class YamlText
{
    private const int MaxDepth = 16;

    /// <summary>The document's root, or null when the text is empty or, with an error added, is something else.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="what">What the file is called in an error, as <c>The rules</c>.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static YamlMappingNode? Parse(string text, string what, YamlErrors errors)
    {
        try
        {
            if (TooDeep(text) is { } line)
            {
                errors.Add("", line, $"{what} may be nested at most {MaxDepth} levels deep.");
                return null;
            }

            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            switch (yaml.Documents)
            {
                case []:
                    return null;
                case [{ RootNode: YamlMappingNode root }]:
                    return root;
                case [{ RootNode: YamlScalarNode { Value: "" or null } }]:
                    return null;
                default:
                    errors.Add("", 1, $"{what} must be one YAML document of 'name: value' lines.");
                    return null;
            }
        }
        catch (YamlException e)
        {
            errors.Add("", e.Start.Line, $"This is not YAML: {e.Message}");
            return null;
        }
    }

    // YamlStream uses stack for each level and could overflow it; the parser's events do not.
    private static long? TooDeep(string text)
    {
        var depth = 0;
        for (var parser = new Parser(new StringReader(text)); parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) return parser.Current.Start.Line;
        }

        return null;
    }
}
