using Microsoft.Playwright;
using Streaming.Integration.Tests.Browser;

// Takes the pictures of docs/pictures: `pictures URL FOLDER`, with the address of a running ops page over sample members.
// Exit code 2 for a wrong command line or without Chromium, 1 when a page does not come up.
(string Name, string Path, int Width, int Height, ColorScheme Scheme, string Locale)[] pictures =
[
    ("now", "/", 1360, 1180, ColorScheme.Light, "en-GB"),
    ("now-dark-zh", "/", 1360, 1180, ColorScheme.Dark, "zh-CN"),
    ("now-phone", "/", 390, 844, ColorScheme.Dark, "en-GB"),
    ("overview", "/dashboards/engagement-overview?from=now-15m&to=now", 1360, 1030, ColorScheme.Light, "en-GB"),
    ("engagement", "/dashboards/engagement-activity?from=now-15m&to=now", 1360, 1440, ColorScheme.Dark, "en-GB"),
    ("member", "/members/sample-003", 1360, 1330, ColorScheme.Light, "en-GB"),
];

if (args is not [var url, var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("pictures URL FOLDER: the address of a running ops page, and the folder to write to.");
    return 2;
}

if (Chromium.Path is null)
{
    Console.Error.WriteLine(Chromium.Missing);
    return 2;
}

try
{
    using var playwright = await Playwright.CreateAsync();
    await using var browser = await Chromium.LaunchAsync(playwright);
    foreach (var (name, path, width, height, scheme, locale) in pictures)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions
        {
            BaseURL = url, Locale = locale, ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme,
        });
        await page.GotoAsync(path);
        await Assertions.Expect(page.Locator("canvas, .curve").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[aria-busy]")).ToHaveCountAsync(0);
        var file = Path.Combine(folder, name + ".png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, Animations = ScreenshotAnimations.Disabled });
        Console.WriteLine(file);
        await page.Context.CloseAsync();
    }

    return 0;
}
catch (PlaywrightException e)
{
    Console.Error.WriteLine($"The pictures of {url} could not be taken: {e.Message}");
    return 1;
}
