using System.Diagnostics;
using System.Reflection;
using Streaming.Common.CommandLine;

namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>Checks that this program is an optimized build.</summary>
internal static class OptimizedBuild
{
    /// <summary>Returns when the compiler has optimized it.</summary>
    /// <exception cref="CommandException">It has not; exit code 2.</exception>
    public static void Check()
    {
        if (typeof(OptimizedBuild).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            throw new CommandException("This is a Debug build, whose figures mean nothing: run it with `dotnet run " +
                "--configuration Release`.", 2);
        }
    }
}
