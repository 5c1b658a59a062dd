using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Engine.Rules;
using Streaming.Members.Rules;
using Streaming.Pipeline.Tests.Contract;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>rules.yaml, its JSON Schema, the loader and the defaults in code agree.</summary>
public class ShippedRulesTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Rules/rules.yaml"));
    private static readonly SchemaFile Schema = new("Rules/rules.schema.json");

    [Fact]
    public void The_shipped_rules_equal_the_defaults()
    {
        var result = RulesLoader.Load(Text);
        Assert.Empty(result.Errors);
        Assert.Equal(Plain(new RuleSet()), Plain(result.Rules!));
    }

    [Fact]
    public void The_shipped_rules_match_the_schema() => Assert.Empty(Schema.Errors(Tree()));

    [Fact]
    public void The_shipped_example_shows_every_setting()
    {
        var shown = new HashSet<string>();
        void Walk(JsonNode? node, string path)
        {
            if (node is JsonObject group)
            {
                foreach (var (name, value) in group)
                {
                    shown.Add($"{path}.{name}");
                    Walk(value, $"{path}.{name}");
                }
            }
            else if (node is JsonArray list)
            {
                foreach (var item in list) Walk(item, $"{path}[]");
            }
        }

        Walk(Tree(), "");
        Assert.Empty(Settings().Select(s => s.Path).Except(shown));
    }

    [Fact]
    public void The_schema_knows_the_settings_of_the_loader_and_no_others() =>
        Assert.Equal(Settings().Select(s => s.Path).Order(StringComparer.Ordinal), SchemaProperties().Select(s => s.Path)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void The_schema_gives_the_defaults_of_the_code()
    {
        var defaults = Settings().ToDictionary(s => s.Path, s => s.Default);
        foreach (var (path, schema) in SchemaProperties().Where(s => s.Schema["default"] is not null))
        {
            Assert.Equal((path, schema["default"]!.ToJsonString()), (path, defaults[path]?.ToJsonString()));
        }
    }

    [Fact]
    public void The_loader_enforces_the_bounds_of_the_schema()
    {
        var tried = 0;
        foreach (var (path, schema) in SchemaProperties())
        {
            foreach (var (bound, outwards) in new[] { ("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0) })
            {
                if (schema[bound] is not { } value) continue;
                var limit = (decimal)value;
                var step = (string)schema["type"]! == "integer" ? 1m : 0.0001m;
                Assert.NotEmpty(ErrorsWith(path, limit + (outwards * step)));
                Assert.Empty(ErrorsWith(path, outwards == 0 ? limit + step : limit));
                tried++;
            }
        }

        Assert.True(tried > 60, $"only {tried} bounds were tried");
    }

    [Fact]
    public void Every_setting_of_the_schema_is_explained() =>
        Assert.All(SchemaProperties(), s => Assert.True(s.Schema["description"] is not null || s.Schema["$ref"] is not null, s.Path));

    // What the loader says about one setting of the shipped example when it has that value.
    private static List<string> ErrorsWith(string path, decimal value)
    {
        var tree = Tree();
        var (parent, name, at) = Find(tree, path);
        parent[name] = value;
        return RulesLoader.Load(tree.ToJsonString()).Errors
            .Where(e => e.Contains($"{at} must be ", StringComparison.Ordinal))
            // Bounds that depend on another setting are not in the schema.
            .Where(e => !e.Contains(" must be below ", StringComparison.Ordinal) && !e.Contains(" must be more ", StringComparison.Ordinal))
            .ToList();
    }

    // The last place in the tree that has the setting.
    private static (JsonObject Parent, string Name, string At) Find(JsonNode tree, string path)
    {
        var (node, at) = (tree, "");
        var steps = path.TrimStart('.').Split('.');
        foreach (var step in steps[..^1])
        {
            var isList = step.EndsWith("[]", StringComparison.Ordinal);
            node = node[step.TrimEnd('[', ']')]!;
            at += step.TrimEnd('[', ']') + ".";
            if (!isList) continue;
            var index = Math.Max(0, node.AsArray().ToList().FindLastIndex(item => item![steps[^1]] is not null));
            node = node[index]!;
            at = $"{at.TrimEnd('.')}[{index}].";
        }

        return (node.AsObject(), steps[^1], at + steps[^1]);
    }

    private static List<(string Path, JsonNode? Default)> Settings()
    {
        var found = new List<(string, JsonNode?)>();
        void Walk(Type type, object? instance, string path)
        {
            foreach (var (name, setting) in SettingsOf(type))
            {
                var value = instance is null ? null : setting.GetValue(instance);
                found.Add(($"{path}.{name}", Scalar(value, setting)));
                var inner = setting.PropertyType;
                if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                    inner = inner.GetGenericArguments()[0];
                if (inner.Assembly != type.Assembly || inner.IsEnum) continue;
                if (inner == setting.PropertyType) Walk(inner, value, $"{path}.{name}");
                else Walk(inner, Activator.CreateInstance(inner), $"{path}.{name}[]");
            }
        }

        Walk(typeof(RuleSet), new RuleSet(), "");
        return found;
    }

    private static Dictionary<string, PropertyInfo> SettingsOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.SetMethod is { IsPublic: true }).ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

    private static JsonNode? Scalar(object? value, PropertyInfo setting) => value switch
    {
        long number when setting.IsDefined(typeof(TenThousandthsAttribute)) =>
            JsonNode.Parse((number / 10_000m).ToString("0.####", CultureInfo.InvariantCulture)),
        long or int or double or bool or string => JsonSerializer.SerializeToNode(value),
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Enum word => JsonNamingPolicy.KebabCaseLower.ConvertName(word.ToString()),
        _ => null,
    };

    private static List<(string Path, JsonObject Schema)> SchemaProperties()
    {
        var found = new List<(string, JsonObject)>();
        void Walk(JsonObject schema, string path)
        {
            foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            {
                found.Add(($"{path}.{name}", property!.AsObject()));
                Walk(property.AsObject(), $"{path}.{name}");
            }

            if (schema["items"] is JsonObject items) Walk(items, $"{path}[]");
        }

        Walk(Schema.Root, "");
        return found;
    }

    private static JsonNode Tree() => YamlJson.Read(new StringReader(Text))!;

    // Everything that can be set, in one order, whatever the kind of list or dictionary.
    private static string Plain(object rules)
    {
        static JsonNode? Of(object? value) => value switch
        {
            null => null,
            System.Collections.IDictionary map =>
                new JsonObject(map.Keys.Cast<object>().Select(k => KeyValuePair.Create($"{k}", Of(map[k])))
                .OrderBy(p => p.Key, StringComparer.Ordinal)),
            string or bool or int or long or double or Enum or TimeOnly or DateOnly => $"{value}",
            System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Of)]),
            _ => new JsonObject(SettingsOf(value.GetType()).Select(s => KeyValuePair.Create(s.Key, Of(s.Value.GetValue(value))))),
        };
        return Of(rules)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
