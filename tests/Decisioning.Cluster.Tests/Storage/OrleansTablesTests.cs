using System.Net;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Cluster.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Decisioning.Cluster.Tests.Storage;

/// <summary>Orleans' own providers over the tables that the store makes for them.</summary>
public sealed class OrleansTablesTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_join_and_are_dead_when_they_are_gone_and_reminders_are_kept()
    {
        string database = await server.CreateDatabaseAsync();
        await using var store = new PostgresClusterStore(database);
        await store.OpenAsync(1, Cancellation);
        var rings = new Rings();
        using IHost first = await StartAsync(store, rings);
        using IHost second = await StartAsync(store, rings);
        Assert.Equal(["Active", "Active"], await StatusesAsync(database));

        IReminded grain = first.Services.GetRequiredService<IGrainFactory>().GetGrain<IReminded>(7);
        await grain.RemindAsync("often", TimeSpan.FromSeconds(1));
        await grain.RemindAsync("often", TimeSpan.FromSeconds(2));
        await grain.RemindAsync("seldom", TimeSpan.FromDays(2));
        Assert.Equal(["often", "seldom"], await grain.ReadAsync());
        Assert.Equal("often", await rings.Rung.Task.WaitAsync(Cancellation));
        await grain.ForgetAsync("often");
        Assert.Equal(["seldom"], await grain.ReadAsync());

        // A silo that gets no time to stop leaves its grains to the others.
        await second.StopAsync(new CancellationToken(canceled: true));
        await WaitForDeathAsync(first);
        Assert.Equal(["Active", "Dead"], await StatusesAsync(database));
        using IHost third = await StartAsync(store, rings);
        Assert.Equal(["Active", "Active", "Dead"], await StatusesAsync(database));
        Assert.Equal(["seldom"], await grain.ReadAsync());
        await third.StopAsync(Cancellation);
        await first.StopAsync(Cancellation);
        Assert.Equal(["Dead", "Dead", "Dead"], await StatusesAsync(database));
    }

    private static async Task<IHost> StartAsync(PostgresClusterStore store, Rings rings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = ("Npgsql", store.Source))
            .UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = ("Npgsql", store.Source))
            .ConfigureEndpoints(IPAddress.Loopback, PostgresServer.FreePort(), PostgresServer.FreePort())
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("cluster", "service"))
            .Configure<ReminderOptions>(o => o.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100))
            .Configure<ClusterMembershipOptions>(o => (o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (2, 1))
            .Services.AddSingleton(rings));
        IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private static async Task WaitForDeathAsync(IHost silo)
    {
        var membership = silo.Services.GetRequiredService<IClusterMembershipService>();
        await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(Cancellation))
        {
            if (snapshot.Members.Values.Any(m => m.Status == SiloStatus.Dead))
            {
                return;
            }
        }
    }

    private static async Task<List<string>> StatusesAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using NpgsqlCommand command = source.CreateCommand("SELECT status FROM orleans_silos ORDER BY status");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        var statuses = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            statuses.Add(((SiloStatus)reader.GetInt32(0)).ToString());
        }

        return statuses;
    }
}

/// <summary>Hears which reminder came first.</summary>
public sealed class Rings
{
    public TaskCompletionSource<string> Rung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public interface IReminded : IGrainWithIntegerKey
{
    Task RemindAsync(string name, TimeSpan period);

    Task<string[]> ReadAsync();

    Task ForgetAsync(string name);
}

public sealed class Reminded(Rings rings) : Grain, IReminded, IRemindable
{
    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<string[]> ReadAsync() => [.. (await this.GetReminders()).Select(r => r.ReminderName).Order(StringComparer.Ordinal)];

    public async Task ForgetAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        rings.Rung.TrySetResult(reminderName);
        return Task.CompletedTask;
    }
}
