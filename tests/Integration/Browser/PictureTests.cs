using Microsoft.Playwright;

namespace Streaming.Integration.Browser;

/// <summary>
/// Takes the pictures of <c>docs/pictures</c> from a running system, when asked: <c>STREAMING_OPS</c> is its address,
/// <c>STREAMING_PICTURES</c> the folder.
/// </summary>
public class PictureTests
{
    private static readonly (string Name, string Path, int Width, int Height, ColorScheme Scheme, string Locale)[] Pictures =
    [
        ("now", "/", 1360, 1180, ColorScheme.Light, "en-GB"),
        ("now-dark-zh", "/", 1360, 1180, ColorScheme.Dark, "zh-CN"),
        ("now-phone", "/", 390, 844, ColorScheme.Dark, "en-GB"),
        ("overview", "/dashboards/engagement-overview?from=now-15m&to=now", 1360, 1030, ColorScheme.Light, "en-GB"),
        ("engagement", "/dashboards/engagement-activity?from=now-15m&to=now", 1360, 1440, ColorScheme.Dark, "en-GB"),
        ("member", "/members/sample-003", 1360, 1330, ColorScheme.Light, "en-GB"),
    ];

    [SkippableFact]
    public async Task Pictures_for_the_documents()
    {
        var url = Environment.GetEnvironmentVariable("STREAMING_OPS");
        var folder = Environment.GetEnvironmentVariable("STREAMING_PICTURES");
        Skip.If(url is null || folder is null, "pictures are taken when STREAMING_OPS and STREAMING_PICTURES are set");
        Skip.If(Chromium.Path is null, Chromium.Missing);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        foreach (var (name, path, width, height, scheme, locale) in Pictures)
        {
            var page = await browser.NewPageAsync(new BrowserNewPageOptions
            {
                BaseURL = url, Locale = locale, ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme,
            });
            await page.GotoAsync(path);
            await Assertions.Expect(page.Locator("canvas, .curve").First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("[aria-busy]")).ToHaveCountAsync(0);
            var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder!, name + ".png"),
                Animations = ScreenshotAnimations.Disabled });
            Assert.True(picture.Length > 20_000, $"the picture {name} is nearly empty");
            await page.Context.CloseAsync();
        }
    }
}
