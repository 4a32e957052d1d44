using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Catalogue;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Tests;

public class AccessTests
{
    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate()
    {
        TestClock clock = new();
        RateBucket bucket = new(perSecond: 10, burst: 3, clock);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(out TimeSpan _)));
        Assert.False(bucket.TryTake(out TimeSpan wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);

        clock.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(bucket.TryTake(out _));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(out TimeSpan _)));
    }

    [Fact]
    public void A_bucket_gives_no_more_to_many_at_once()
    {
        RateBucket bucket = new(perSecond: 1, burst: 500, new TestClock());
        int taken = 0;
        Parallel.For(0, 2000, _ =>
        {
            if (bucket.TryTake(out TimeSpan _))
            {
                Interlocked.Increment(ref taken);
            }
        });
        Assert.Equal(500, taken);
    }

    [Fact]
    public void A_key_is_found_by_its_whole_text_only()
    {
        KeyRing ring = new([TestApi.Key("dk_one", Roles.Decide), TestApi.Key("dk_two", Roles.Admin)]);
        Assert.Equal("id-dk_two", ring.Find("dk_two")!.Id);
        foreach (string text in new[] { "", "dk_", "dk_on", "dk_one ", "DK_ONE", new string('x', 257) })
        {
            Assert.Null(ring.Find(text));
        }

        Assert.Throws<ArgumentException>(() => new KeyRing([TestApi.Key("same", Roles.Decide), TestApi.Key("same", Roles.Admin)]));
    }

    [Fact]
    public void Made_keys_differ_and_their_hash_admits_them()
    {
        KeyText one = KeyText.Make();
        KeyText two = KeyText.Make();
        Assert.NotEqual(one.Text, two.Text);
        Assert.NotEqual(one.Id, two.Id);
        Assert.True(one.Text.Length >= 43);
        KeyRing ring = new([new ApiKey(one.Id, Convert.FromHexString(one.Hash), Roles.Decide, null, [], null)]);
        Assert.Equal(one.Id, ring.Find(one.Text)!.Id);
        Assert.Null(ring.Find(two.Text));
    }

    [Fact]
    public void A_key_for_some_brands_sees_those_of_the_catalogue_it_is_asked_about()
    {
        ApiKey key = TestApi.Key("k", Roles.Decide, ["borealis", "gone"]);
        Assert.Equal(["borealis"], key.BrandsOf(TestCatalogue.Snapshot).Select(b => b.Id));
        CatalogueSnapshot next = new([TestCatalogue.Brand("gone", 3)], ServerSettings.Default, "2");
        Assert.Equal(["gone"], key.BrandsOf(next).Select(b => b.Id));
        Assert.True(key.MayUse("borealis"));
        Assert.False(key.MayUse("aurora"));
        Assert.Same(next.Brands, ApiKey.Local.BrandsOf(next));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:5080", true)]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("[::1]:5080", true)]
    [InlineData("[::1]", true)]
    [InlineData("", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("localhost:", false)]
    [InlineData("localhost:80x", false)]
    [InlineData("localhost:123456", false)]
    [InlineData("::1", false)]
    public void Only_listed_hosts_are_answered_to(string host, bool allowed)
    {
        AllowLists lists = new(AllowLists.LoopbackHosts, []);
        Assert.Equal(allowed, lists.AllowsHost(new HostString(host)));
    }

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("https://shop.example", true)]
    [InlineData("https://SHOP.example", true)]
    [InlineData("http://localhost", false)]
    [InlineData("https://localhost:5080", false)]
    [InlineData("http://shop.example", false)]
    [InlineData("https://shop.example.evil", false)]
    [InlineData("null", false)]
    public void Only_the_servers_own_origin_and_listed_ones_may_call(string origin, bool allowed)
    {
        AllowLists lists = new(AllowLists.LoopbackHosts, ["https://shop.example"]);
        DefaultHttpContext context = new();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost:5080");
        Assert.Equal(allowed, lists.AllowsOrigin(origin, context.Request));
    }
}
