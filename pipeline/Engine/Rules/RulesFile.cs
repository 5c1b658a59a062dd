using Streaming.Common.Files;

namespace Streaming.Engine.Rules;

/// <summary>The rules file of a program.</summary>
public static class RulesFile
{
    /// <summary>Full path of the file in use.</summary>
    /// <param name="given">What the setting <c>Rules</c> says; empty: the shipped <c>rules.yaml</c>.</param>
    public static string PathOf(string given) =>
        given.Length > 0 ? Path.GetFullPath(given) : Path.Combine(AppContext.BaseDirectory, "rules.yaml");

    /// <summary>Its text. Never waits: only a regular file is read, of at most <see cref="RulesLoader.MaxBytes"/>.</summary>
    /// <exception cref="IOException">It is something else, larger, not there or cannot be read; the message says which.</exception>
    /// <exception cref="UnauthorizedAccessException">The user of this process may not read it.</exception>
    public static string Text(string path) => TextFile.Read(path, RulesLoader.MaxBytes);

    /// <summary>Reads and validates it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Gets a sentence for everything that is wrong with it.</param>
    /// <returns>Its text; to be used only when no error was added.</returns>
    public static string Read(string path, ICollection<string> errors)
    {
        try
        {
            var text = Text(path);
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
