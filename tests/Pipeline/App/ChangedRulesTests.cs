using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.Engine.Rules;
using Streaming.Pipeline.Tests.Stores;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.App;

/// <summary>A changed rules file comes into force when it is complete and valid; otherwise the rules stay as they are.</summary>
public sealed class ChangedRulesTests : IDisposable
{
    private static readonly string Shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Rules/rules.yaml"));
    private readonly TemporaryStore place = new();
    private readonly TemporaryDirectory folder = new();
    private readonly RecordedLog<RulesWatcher> log = new();
    private readonly RulesBook book;
    private readonly RulesWatcher watcher;
    private readonly string file;

    public ChangedRulesTests()
    {
        book = new RulesBook(place.Store.Facts, Shipped);
        file = Path.Combine(folder.Path, "rules.yaml");
        watcher = new RulesWatcher(Options.Create(new UpSettings { Rules = file }),
            new Lazy<HostedStore>(new HostedStore(place.Store, null!, book)), log);
    }

    public void Dispose()
    {
        watcher.Dispose();
        log.Dispose();
        folder.Dispose();
        place.Dispose();
    }

    [Fact]
    public void A_file_that_is_being_written_is_not_read_half()
    {
        var before = book.Current.Version;
        var changed = Shipped + "# once more\n";
        for (var length = 1_000; length < changed.Length; length += 1_000)
        {
            Write(changed[..length]);
            Look(1);
            Assert.Equal(before, book.Current.Version);
        }

        Write(changed);
        Look(1);
        Assert.Equal(before, book.Current.Version);
        Look(1);
        Assert.NotEqual(before, book.Current.Version);
        Assert.DoesNotContain(log.All, line => line.Contains("no longer name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  \n")]
    [InlineData("# all that is left are comments\n")]
    public void A_file_without_any_setting_is_refused(string text)
    {
        IsRefused(text, "names no setting");
    }

    [Fact]
    public void A_file_that_ends_within_a_line_and_has_lost_settings_is_refused()
    {
        var cut = Shipped.IndexOf("\ncare:", StringComparison.Ordinal);
        Assert.True(cut > 0);
        IsRefused(Shipped[..cut], "looks cut off");
    }

    [Fact]
    public void Settings_that_go_back_to_their_defaults_are_named()
    {
        var cut = Shipped.IndexOf("\ncare:", StringComparison.Ordinal);
        Write(Shipped[..cut] + "\n");
        Look(3);
        Assert.Contains("care", Assert.Single(log.All, line => line.Contains("no longer name", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_may_ask_for_all_defaults()
    {
        Write("{}");
        Look(2);
        Assert.Equal(RulesLoader.Load("{}").Rules!.Hash, book.Current.Hash);
    }

    [Theory]
    [InlineData("a pipe")]
    [InlineData("a device")]
    [InlineData("a directory")]
    [InlineData("larger than")]
    public async Task A_file_that_is_no_rules_file_is_reported_once_and_does_not_block(string what)
    {
        switch (what)
        {
            case "a pipe":
                Assert.Equal(0, (await ExternalProgram.RunAsync("mkfifo", [file])).ExitCode);
                break;
            case "a device":
                File.CreateSymbolicLink(file, "/dev/zero");
                break;
            case "a directory":
                Directory.CreateDirectory(file);
                break;
            default:
                Write(new string('#', RulesLoader.MaxBytes + 1));
                break;
        }

        var before = book.Current.Version;
        await Task.Run(() => Look(3)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(before, book.Current.Version);
        Assert.Contains(what, Assert.Single(log.All), StringComparison.Ordinal);

        var errors = new List<string>();
        await Task.Run(() => RulesFile.Read(file, errors)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains(what, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_that_returns_is_reported_again()
    {
        for (var i = 0; i < 2; i++)
        {
            Write(Shipped + "# the same each time\n");
            Look(2);
            log.All.Clear();
            File.Delete(file);
            Look(3);
            Assert.Single(log.All);
        }
    }

    private void IsRefused(string text, string says)
    {
        var before = book.Current.Version;
        Write(text);
        Look(4);
        Assert.Equal(before, book.Current.Version);
        Assert.Contains(says, Assert.Single(log.All), StringComparison.Ordinal);

        Write(Shipped + "# mended\n");
        Look(2);
        Assert.NotEqual(before, book.Current.Version);
    }

    private void Write(string text) => File.WriteAllText(file, text);

    private void Look(int times)
    {
        for (var i = 0; i < times; i++) watcher.Look(file, book);
    }
}
