using Streaming.App.Commands;
using Streaming.App.Hosting;
using Streaming.Pipeline.Store;

PrivateDirectory.MakeNewFilesPrivate();
ParentWatch.DieWithParent();
return await Cli.RunAsync(args);
