using System.Net;
using System.Net.Sockets;
using Decisioning.Load.Http;

namespace Decisioning.Load.Tests.Http;

/// <summary>Both ways to wait behave alike.</summary>
public sealed class ReadinessTests : IDisposable
{
    private const long Second = 1_000_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ReadinessTests() => _listener.Start();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_tells_who_has_something_to_read_until_it_is_read(bool epoll)
    {
        using IReadiness readiness = Open(epoll);
        (Socket quiet, Socket _) = Pair();
        (Socket near, Socket far) = Pair();
        readiness.Add(quiet, 7);
        readiness.Add(near, 8);
        int[] ready = new int[4];
        Assert.Equal(0, readiness.Wait(0, ready));

        far.Send("x"u8);

        Assert.Equal((1, 8), (readiness.Wait(Second, ready), ready[0]));
        Assert.Equal((1, 8), (readiness.Wait(Second, ready), ready[0]));
        near.Receive(new byte[4]);
        Assert.Equal(0, readiness.Wait(100, ready));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_tells_who_has_room_to_write_where_that_is_wanted(bool epoll)
    {
        using IReadiness readiness = Open(epoll);
        (Socket near, _) = Pair();
        readiness.Add(near, 3);
        int[] ready = new int[4];

        readiness.WantRoom(near, 3, true);
        Assert.Equal((1, 3), (readiness.Wait(Second, ready), ready[0]));
        readiness.WantRoom(near, 3, false);
        Assert.Equal(0, readiness.Wait(0, ready));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_removed_is_told_no_more(bool epoll)
    {
        using IReadiness readiness = Open(epoll);
        (Socket near, Socket far) = Pair();
        readiness.Add(near, 1);
        far.Send("x"u8);
        readiness.Remove(near, 1);

        Assert.Equal(0, readiness.Wait(100, new int[4]));
    }

    [Fact]
    public void It_tells_no_more_at_once_than_there_is_room_for()
    {
        using IReadiness readiness = new EpollReadiness();
        for (int tag = 0; tag < 3; tag++)
        {
            (Socket near, Socket far) = Pair();
            readiness.Add(near, tag);
            far.Send("x"u8);
        }

        Assert.Equal(2, readiness.Wait(Second, new int[2]));
    }

    public void Dispose() => _listener.Dispose();

    private static IReadiness Open(bool epoll) => epoll ? new EpollReadiness() : new SelectReadiness();

    private (Socket Near, Socket Far) Pair()
    {
        Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.Connect(_listener.LocalEndpoint);
        return (near, _listener.AcceptSocket());
    }
}
