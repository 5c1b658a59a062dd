using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Streaming.TestKit;

/// <summary>Waits for something another process does and cannot announce. Prefer an event where there is one.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The same for a synchronous condition.</summary>
    public static Task TrueAsync(Func<bool> question, [CallerArgumentExpression(nameof(question))] string condition = "") =>
        TrueAsync(() => Task.FromResult(question()), null, condition);

    /// <summary>Asks again, a little later each time, until the answer is yes.</summary>
    /// <param name="question">What is waited for.</param>
    /// <param name="patience">How long; two minutes unless given: a busy machine takes
    /// its time, and an answer ends the wait at once.</param>
    /// <param name="condition">The question as the caller writes it, for the error.</param>
    /// <exception cref="TimeoutException">It was never yes in that time.</exception>
    public static async Task TrueAsync(
        Func<Task<bool>> question, TimeSpan? patience = null, [CallerArgumentExpression(nameof(question))] string condition = "")
    {
        var most = patience ?? Patience;
        var started = Stopwatch.GetTimestamp();
        for (var pause = 2; !await question(); pause = Math.Min(pause * 2, 250))
        {
            if (Stopwatch.GetElapsedTime(started) > most)
            {
                throw new TimeoutException($"Still false after {most.TotalSeconds:0} s: {condition}");
            }
            await Task.Delay(pause);
        }
    }
}
