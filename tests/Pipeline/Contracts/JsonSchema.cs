using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Streaming.Pipeline.Tests.Contracts;

/// <summary>The part of JSON Schema that our files use. A keyword it does not know is an error, so that none goes unchecked.</summary>
/// <remarks>Stricter than the standard in one thing: a property that no branch declares is an error, since we check our own messages.</remarks>
internal sealed class JsonSchema
{
    private readonly JsonObject root;

    public JsonSchema(string path) => root = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)))!.AsObject();

    public JsonObject Root => root;

    /// <summary>What is wrong with the value; empty when it is as the schema says.</summary>
    public List<string> Errors(JsonNode? value) => Check(root, value is null ? null : JsonNode.Parse(value.ToJsonString()), "$").Errors;

    private Result Check(JsonObject schema, JsonNode? value, string at)
    {
        var result = new Result();
        foreach (var (keyword, rule) in schema)
        {
            switch (keyword)
            {
                case "$schema" or "$id" or "$defs" or "title" or "description" or "default" or "format" or "examples":
                    break;
                case "$ref":
                    result.Add(Check(root["$defs"]![rule!.GetValue<string>().Split('/')[^1]]!.AsObject(), value, at));
                    break;
                case "oneOf":
                    var branches = rule!.AsArray().Select(branch => Check(branch!.AsObject(), value, at)).ToList();
                    var fit = branches.Where(branch => branch.Errors.Count == 0).ToList();
                    if (fit.Count == 1) result.Add(fit[0]);
                    else result.Errors.Add($"{at} fits {fit.Count} branches: {string.Join("; ", branches.Select(b => string.Join(", ", b.Errors)))}");
                    break;
                case "type":
                    var types = rule is JsonArray many ? many.Select(t => t!.GetValue<string>()).ToList() : [rule!.GetValue<string>()];
                    if (!types.Any(type => Is(type, value))) result.Errors.Add($"{at} is not {string.Join(" or ", types)}");
                    break;
                case "const":
                    if (!JsonNode.DeepEquals(rule, value)) result.Errors.Add($"{at} is not {rule}");
                    break;
                case "enum":
                    if (!rule!.AsArray().Any(word => JsonNode.DeepEquals(word, value))) result.Errors.Add($"{at} is none of {rule}");
                    break;
                case "properties" when value is JsonObject o:
                    foreach (var (name, property) in rule!.AsObject())
                    {
                        result.Declared.Add(name);
                        if (o.ContainsKey(name)) result.Add(Check(property!.AsObject(), o[name], $"{at}.{name}"), declared: false);
                    }

                    break;
                case "additionalProperties" when value is JsonObject o:
                    foreach (var (name, property) in o.Where(p => schema["properties"]?[p.Key] is null))
                    {
                        result.Declared.Add(name);
                        if (rule is JsonObject any) result.Add(Check(any, property, $"{at}.{name}"), declared: false);
                        else if (!rule!.GetValue<bool>()) result.Errors.Add($"{at}.{name} is not a property");
                    }

                    break;
                case "required" when value is JsonObject o:
                    result.Errors.AddRange(rule!.AsArray().Select(n => n!.GetValue<string>()).Where(n => !o.ContainsKey(n)).Select(n => $"{at}.{n} is missing"));
                    break;
                case "items" when value is JsonArray array:
                    for (var i = 0; i < array.Count; i++) result.Add(Check(rule!.AsObject(), array[i], $"{at}[{i}]"), declared: false);
                    break;
                case "minLength" or "maxLength" or "pattern" when value is JsonValue v && v.TryGetValue<string>(out var text):
                    if (keyword == "pattern" ? !Regex.IsMatch(text, rule!.GetValue<string>()) : keyword == "minLength" ? text.Length < (int)rule! : text.Length > (int)rule!) result.Errors.Add($"{at} '{text}' breaks {keyword} {rule}");
                    break;
                case "minimum" or "maximum" or "exclusiveMinimum" when value is JsonValue v && v.TryGetValue<double>(out var number):
                    if (keyword == "minimum" ? number < (double)rule! : keyword == "maximum" ? number > (double)rule! : number <= (double)rule!) result.Errors.Add($"{at} {number} breaks {keyword} {rule}");
                    break;
                case "properties" or "additionalProperties" or "required" or "items" or "minLength" or "maxLength" or "pattern" or "minimum" or "maximum" or "exclusiveMinimum" or "maxItems" or "minItems" or "propertyNames":
                    break; // about another type of value
                default:
                    throw new NotSupportedException($"The check does not know the keyword {keyword}.");
            }
        }

        if (at == "$" && ReferenceEquals(schema, root) && value is JsonObject whole)
        {
            result.Errors.AddRange(whole.Select(p => p.Key).Where(name => !result.Declared.Contains(name)).Select(name => $"{at}.{name} is not declared"));
        }

        return result;
    }

    private static bool Is(string type, JsonNode? value) => (type, value) switch
    {
        ("null", null) => true,
        ("object", JsonObject) or ("array", JsonArray) => true,
        ("string", JsonValue v) => v.TryGetValue<string>(out _),
        ("boolean", JsonValue v) => v.TryGetValue<bool>(out _),
        ("number", JsonValue v) => v.TryGetValue<double>(out _),
        ("integer", JsonValue v) => v.TryGetValue<double>(out var d) && d == Math.Floor(d),
        _ => false,
    };

    private sealed class Result
    {
        public List<string> Errors { get; } = [];

        public HashSet<string> Declared { get; } = [];

        public void Add(Result other, bool declared = true)
        {
            Errors.AddRange(other.Errors);
            if (declared) Declared.UnionWith(other.Declared);
        }
    }
}
