using Streaming.Loadtests.NBomber;

return await ScenariosCommand.RunAsync(args);
