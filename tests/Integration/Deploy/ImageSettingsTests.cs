using System.Text.RegularExpressions;
using Streaming.App.Installing;
using Streaming.Common.Settings;
using Streaming.TestKit.Deploy;

namespace Streaming.Integration.Tests.Deploy;

public partial class ImageSettingsTests
{
    [Fact]
    public void Every_setting_of_the_image_and_its_documented_command_exists()
    {
        var given = Given();
        Assert.Contains("Ops:Address", given.Keys);
        Assert.Contains("Host:Kafka:Bootstrap", given.Keys);
        var settings = UpSettings.Read(given);
        Assert.Equal(("0.0.0.0", 8080, false, false), (settings.Ops.Address, settings.Ops.Port, settings.EmbeddedKafka,
            settings.EmbeddedClickHouse));
    }

    [Fact]
    public void The_image_refuses_to_start_without_Ops_ApiKey()
    {
        var given = Given().Where(s => s.Key != "Ops:ApiKey");
        Assert.Contains("set Ops:ApiKey", Assert.Throws<SettingsException>(() => UpSettings.Read(given)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Given() =>
        Setting().Matches(File.ReadAllText(DeployFiles.Dockerfile) + File.ReadAllText(Path.Combine(DeployFiles.Folder, "README.md")))
            .ToDictionary(m => m.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal), m => m.Groups[2].Value.StartsWith('"')
                ? "0123456789abcdef0123456789abcdef" : (string?)m.Groups[2].Value);

    /// <summary>A variable given a value; one in quotes is a command that makes a key.</summary>
    [GeneratedRegex(@"\bSTREAMING__(\w+)=(\S+)")]
    private static partial Regex Setting();
}
