using Microsoft.Playwright;

namespace Streaming.Integration.Tests.Browser;

/// <summary>The machine's own Chromium; nothing is downloaded for a test.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path, or null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why tests that need it are skipped.</summary>
    public const string Missing = "there is no Chromium on this machine: apt-get install chromium";

    /// <summary>Starts it without a window. Expectations wait for a minute, not five seconds: the machine may be busy.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        return playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Timeout = 120_000,
            // Containers run tests as root, where Chromium's own sandbox cannot start; the pages are ours.
            Args = ["--no-sandbox"],
        });
    }
}
