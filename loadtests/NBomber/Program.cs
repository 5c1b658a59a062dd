using Streaming.Loadtests.Scenarios;

return await ScenariosCommand.RunAsync(args);
