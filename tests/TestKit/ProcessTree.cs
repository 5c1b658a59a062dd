using System.Diagnostics;
using System.Globalization;

namespace Streaming.TestKit;

/// <summary>Processes of this machine as <c>/proc</c> shows them, whoever started them.</summary>
public static class ProcessTree
{
    /// <summary>kill -9 of a program; returns when it is gone and so is everything it
    /// had started, which the kernel kills with it.</summary>
    public static async Task KillAsync(Process program)
    {
        var all = Of(program.Id);
        program.Kill();
        await program.WaitForExitAsync();
        await GoneAsync(all);
    }

    /// <summary>A process, and all that it and they have started.</summary>
    public static IReadOnlyList<int> Of(int process)
    {
        var children = All().ToLookup(ParentOf);
        List<int> found = [process];
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]]);
        return found;
    }

    /// <summary>Waits until none of these runs: until then they may write into their folder.</summary>
    public static Task GoneAsync(IReadOnlyList<int> processes) => Until.TrueAsync(() => !processes.Any(IsRunning));

    /// <summary>Whether it has a thread that still runs. A zombie has ended; only nobody has asked for its exit code yet.</summary>
    public static bool IsRunning(int process)
    {
        try
        {
            // Its first thread may have ended before the others.
            return Directory.GetDirectories($"/proc/{process}/task").Length > 1 || Stat(process)[0] != "Z";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether any process's command line contains this.</summary>
    public static bool IsNamed(string part) =>
        All().Any(id => ReadOrNothing($"/proc/{id}/cmdline").Contains(part, StringComparison.Ordinal));

    private static int ParentOf(int process)
    {
        try
        {
            return int.Parse(Stat(process)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended while being looked at
        }
    }

    /// <summary>State, parent and the rest: what stands behind the name, which may hold anything.</summary>
    private static string[] Stat(int process)
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // ended while being looked at
        }
    }
}
