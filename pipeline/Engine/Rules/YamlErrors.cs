namespace Streaming.Engine.Rules;

/// <summary>Collects what is wrong with a rules file and where.</summary>
public sealed class YamlErrors
{
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> faulty = new(StringComparer.Ordinal);
    private readonly List<(long Line, string Sentence)> found = [];

    public bool Any => found.Count > 0;

    /// <summary>Remembers on which line (from 1) a setting stands.</summary>
    public void At(string path, long line) => lines[path] = line;

    /// <summary>Adds an error of a line.</summary>
    public void Add(string path, long line, string sentence)
    {
        faulty.Add(path);
        found.Add((line, path.Length == 0 ? sentence : $"{path} {sentence}"));
    }

    /// <summary>Adds an error of a setting, with the line where it stands.</summary>
    public void Add(string path, string sentence) => Add(path, LineOf(path), sentence);

    /// <summary>
    /// Adds sentences that begin with the path of a setting: each gets the line of that setting, or of what it would stand in. A setting
    /// whose text could not be read has an error already; errors about the default used instead are left out.
    /// </summary>
    public void AddAll(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            var path = sentence.Split(' ', 2)[0].TrimEnd(':');
            if (!faulty.Contains(path)) found.Add((LineOf(path), sentence));
        }
    }

    /// <summary>Every error in the order of the file.</summary>
    public IReadOnlyList<string> Sentences() =>
        [.. found.OrderBy(e => e.Line).Select(e => e.Line > 0 ? $"line {e.Line}: {e.Sentence}" : e.Sentence)];

    private long LineOf(string path)
    {
        while (path.Length > 0)
        {
            if (lines.TryGetValue(path, out var line)) return line;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return 0;
    }
}
