using System.Diagnostics;
using System.Globalization;

namespace Streaming.TestKit;

/// <summary>A program given what it cannot use: checks that a program with unusable input ends with exit code 2 and an error sentence
/// without a stack trace.</summary>
public static class WrongUsage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Traces = ["   at ", "Unhandled exception", "System.", "(Parameter '"];

    /// <summary>Path of a program of this source tree, built in the same configuration as the tests.</summary>
    /// <param name="folder">Folder of its project, below the root.</param>
    /// <param name="name">Its assembly.</param>
    public static string Program(string folder, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(StreamingProgram.Repository, folder, "bin", output.Parent!.Name, output.Name, name + ".dll");
    }

    /// <summary>Runs it to its end and gives what it wrote to standard error.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="words">Its command line.</param>
    /// <param name="environment">Variables beyond those of this process.</param>
    /// <exception cref="InvalidOperationException">Its exit code is another, or what it says is no sentence.</exception>
    public static async Task<string> ErrorTextAsync(string assembly, IEnumerable<string> words,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HOME"] = "";
        start.Environment["STREAMING_PARENT"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var program = StreamingProgram.Spawn(start);
        return await ErrorTextAsync(program);
    }

    /// <summary>As the other, of a program that runs.</summary>
    /// <param name="program">The program, its standard output and error redirected.</param>
    /// <inheritdoc cref="ErrorTextAsync(string, IEnumerable{string}, ValueTuple{string, string}[])" path="/exception"/>
    public static async Task<string> ErrorTextAsync(Process program)
    {
        try
        {
            var rest = program.StandardOutput.ReadToEndAsync();
            var said = await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
            await program.WaitForExitAsync().WaitAsync(Patience);
            var shown = said + await rest;
            if (program.ExitCode != 2) throw new InvalidOperationException($"It ended with exit code {program.ExitCode}: {shown}");
            if (Traces.Any(trace => said.Contains(trace, StringComparison.Ordinal)) || shown.Contains(Traces[0], StringComparison.Ordinal))
                throw new InvalidOperationException($"The error text contains a stack trace or a type name: {shown}");
            return said;
        }
        finally
        {
            if (!program.HasExited) program.Kill(entireProcessTree: true);
        }
    }
}
