namespace Streaming.Engine.Rules;

/// <summary>The rules file a program starts with.</summary>
public static class RulesFile
{
    /// <summary>Full path of the file in use.</summary>
    /// <param name="given">What the setting <c>Rules</c> says; empty: the shipped <c>rules.yaml</c>.</param>
    public static string PathOf(string given) =>
        given.Length > 0 ? Path.GetFullPath(given) : Path.Combine(AppContext.BaseDirectory, "rules.yaml");

    /// <summary>Reads and validates it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Gets a sentence for everything that is wrong with it.</param>
    /// <returns>Its text; worth something only when there are no errors.</returns>
    public static string Read(string path, ICollection<string> errors)
    {
        try
        {
            var text = File.ReadAllText(path);
            foreach (var error in RulesLoader.Load(text).Errors) errors.Add($"Rules: {path}: {error}");
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"Rules: {path} cannot be read: {e.Message}");
            return "";
        }
    }
}
