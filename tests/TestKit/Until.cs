using System.Diagnostics;

namespace Streaming.TestKit;

/// <summary>Waits for something another process does and cannot announce. Prefer an event where there is one.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>As the other, for a question answered at once.</summary>
    public static Task TrueAsync(Func<bool> question) => TrueAsync(() => Task.FromResult(question()));

    /// <summary>Asks again, a little later each time, until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It was never yes within 30 seconds.</exception>
    public static async Task TrueAsync(Func<Task<bool>> question)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = 2; !await question(); pause = Math.Min(pause * 2, 250))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not so within {Patience.TotalSeconds:0} seconds.");
            }
            await Task.Delay(pause);
        }
    }
}
