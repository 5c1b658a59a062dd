using Streaming.App.Commands;
using Streaming.Common.Files;
using Streaming.Common.Processes;

PrivateDirectory.MakeNewFilesPrivate();
ParentWatch.DieWithParent();
return await Cli.RunAsync(args);
