using System.Diagnostics;

namespace Streaming.TestKit;

/// <summary>A foreign program run to its end: kcat, node, or the program itself.</summary>
public static class ExternalProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Whether an executable of this name is in PATH.</summary>
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs it; kills it, and fails with what it printed, when it is not done within three minutes.</summary>
    /// <param name="file">The executable: a path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="environment">Variables beyond those of this process; null removes one.</param>
    public static async Task<ExternalProgramResult> RunAsync(
        string file, IReadOnlyList<string> arguments, string input = "", params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} was not done within {Patience.TotalSeconds:0} s; it " +
                $"printed: {await output}{await errors}");
        }

        return new ExternalProgramResult(process.ExitCode, await output, await errors);
    }
}
