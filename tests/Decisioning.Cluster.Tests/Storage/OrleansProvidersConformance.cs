using System.Net;
using Decisioning.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Decisioning.Cluster.Tests.Storage;

/// <summary>What Orleans' own providers must do over every store that silos of several machines share.</summary>
public abstract class OrleansProvidersConformance
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_join_and_are_dead_when_they_are_gone_and_reminders_are_kept()
    {
        Action<ISiloBuilder> configure = await OpenAsync();
        var rings = new Rings();
        using IHost first = await StartAsync(configure, rings);
        using IHost second = await StartAsync(configure, rings);
        Assert.Equal(["Active", "Active"], await StatusesAsync(first));

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
        Assert.Equal(["Active", "Dead"], await StatusesAsync(first));
        using IHost third = await StartAsync(configure, rings);
        Assert.Equal(["Active", "Active", "Dead"], await StatusesAsync(first));
        Assert.Equal(["seldom"], await grain.ReadAsync());
        await third.StopAsync(Cancellation);
        await first.StopAsync(Cancellation);
        Assert.Equal(["Dead", "Dead", "Dead"], await StatusesAsync(first));
    }

    /// <summary>Opens a store of its own; what puts Orleans' providers over it.</summary>
    protected abstract Task<Action<ISiloBuilder>> OpenAsync();

    private static async Task<IHost> StartAsync(Action<ISiloBuilder> configure, Rings rings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => Over(silo, configure)
            .ConfigureEndpoints(IPAddress.Loopback, Loopback.FreePort(), Loopback.FreePort())
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

    private static ISiloBuilder Over(ISiloBuilder silo, Action<ISiloBuilder> configure)
    {
        configure(silo);
        return silo;
    }

    /// <summary>As the provider's own table says.</summary>
    private static async Task<List<string>> StatusesAsync(IHost silo)
    {
        // Later builds of Orleans prefer a ReadAllAsync, which earlier ones lack: the one that both have.
#pragma warning disable CS0618
        MembershipTableData table = await silo.Services.GetRequiredService<IMembershipTable>().ReadAll();
#pragma warning restore CS0618
        return [.. table.Members.Select(m => $"{m.Item1.Status}").Order(StringComparer.Ordinal)];
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
