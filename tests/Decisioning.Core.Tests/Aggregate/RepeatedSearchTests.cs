using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>Books that count searches which come again, against books that take in every fact by itself.</summary>
public sealed class RepeatedSearchTests
{
    private const int Logs = 24;
    private const int Records = 800;

    private readonly FactWriter _facts = new();
    private readonly ByteWriter _payload = new();

    [Fact]
    public void Books_are_at_every_look_those_of_one_fact_after_another()
    {
        int looks = 0;
        for (int seed = 0; seed < Logs; seed++)
        {
            var random = new Random(seed);
            Search[] searches = [.. Enumerable.Range(0, seed % 3 == 0 ? 600 : 5).Select(_ => Search.Any(random))];
            ServerTotals counted = new(), oneByOne = new();
            long clock = Worlds.Noon;
            for (int i = 0; i < Records; i++)
            {
                clock += random.Next(100) == 0 ? Worlds.Hour * random.Next(1, 72) : random.Next(5_000);
                AnyRecord(random, searches, clock - random.Next(4_000));
                counted.Fold(TurnFacts.Of(_payload.Written));
                FoldOneByOne(oneByOne);
                if (random.Next(150) == 0)
                {
                    (counted, oneByOne) = LookAt(random, counted, oneByOne);
                    looks++;
                    Assert.Equal(FormOf(oneByOne), FormOf(counted));
                }
            }

            Assert.Equal(FormOf(oneByOne), FormOf(counted));
        }

        Assert.True(looks > Logs, $"{looks} looks are too few to tell.");
    }

    [Fact]
    public void A_search_that_cannot_be_read_is_refused_each_time_it_comes()
    {
        var totals = new ServerTotals();
        var runs = new ByteWriter();
        runs.Varints(1, 1, 1 << FunnelTrace.ReachBits | (int)FunnelReach.Paced + 1);
        for (int i = 0; i < 3; i++)
        {
            _facts.Begin(Worlds.Noon);
            _facts.Search(new Search([1], 1, runs.Written.ToArray()).Form, 1, runs.Written);
            Close();
            Assert.Throws<InvalidDataException>(() => totals.Fold(TurnFacts.Of(_payload.Written)));
        }
    }

    /// <summary>One of the ways in which somebody gets at books; for both alike.</summary>
    private static (ServerTotals Counted, ServerTotals OneByOne) LookAt(Random random, ServerTotals counted, ServerTotals oneByOne)
    {
        int brand = Search.AnyBrand(random);
        switch (random.Next(5))
        {
            case 0:
                foreach (ServerTotals totals in new[] { counted, oneByOne })
                {
                    totals.Of(brand).DropRows(totals.Of(brand).LastInstant);
                }

                break;
            case 1:
                Assert.Equal(oneByOne.Of(brand).TakeChangedFrom(), counted.Of(brand).TakeChangedFrom());
                break;
            case 2:
                counted.Restore(brand, new BrandTotals());
                oneByOne.Restore(brand, new BrandTotals());
                break;
            case 3:
                return (Merged(counted, counted.NewPart()), Merged(oneByOne, oneByOne.NewPart()));
            case 4:
                Assert.Equal(oneByOne.Brands.Values.Sum(b => b.Changes), counted.Brands.Values.Sum(b => b.Changes));
                break;
        }

        return (counted, oneByOne);
    }

    private static ServerTotals Merged(ServerTotals part, ServerTotals into)
    {
        into.Merge(part);
        return into;
    }

    private void AnyRecord(Random random, Search[] searches, long instant)
    {
        _facts.Begin(instant);
        if (random.Next(4) == 0)
        {
            _facts.Event(Search.AnyBrand(random), EventType.Cart);
        }

        if (random.Next(5) > 0)
        {
            Search search = random.Next(40) == 0 ? Search.Any(random) : searches[random.Next(searches.Length)];
            _facts.Search(search.Form, search.Slots, search.Funnel);
        }

        if (random.Next(6) == 0)
        {
            _facts.NoDecision(Search.AnyBrand(random), NoDecisionReason.Budget, random.Next(1, 4));
        }

        Close();
    }

    private void Close()
    {
        _payload.Clear();
        _payload.Bytes([]);
        TurnFacts.Append(_facts, _payload);
    }

    private void FoldOneByOne(ServerTotals totals)
    {
        FactReader facts = TurnFacts.Of(_payload.Written);
        while (facts.MoveNext())
        {
            totals.Of(facts.Current.Brand).Fold(facts.Instant, facts.Current);
        }

        Assert.False(facts.Failed);
    }

    private static string FormOf(ServerTotals totals)
    {
        var form = new ByteWriter();
        foreach ((int symbol, BrandTotals brand) in totals.Brands)
        {
            form.Varint((ulong)symbol);
            brand.Write(form);
        }

        return Convert.ToHexString(form.Written);
    }

    /// <summary>What a decision asked, and how far campaigns came.</summary>
    private sealed record Search(int[] Brands, int Slots, byte[] Funnel)
    {
        /// <summary>Symbols of one byte and of two.</summary>
        public static int AnyBrand(Random random) => random.Next(120, 136);

        /// <summary>As <see cref="FactWriter.Search"/> takes the brands.</summary>
        public ReadOnlySpan<byte> Form
        {
            get
            {
                var form = new ByteWriter();
                form.Varint((ulong)Brands.Length);
                foreach (int brand in Brands)
                {
                    form.Varint((ulong)brand);
                }

                return form.Written;
            }
        }

        /// <summary>Now and then of no brand, or longer than what is counted.</summary>
        public static Search Any(Random random)
        {
            int[] brands = [.. Enumerable.Range(0, random.Next(20) == 0 ? 0 : random.Next(1, 6)).Select(_ => AnyBrand(random)).Distinct()];
            int slots = random.Next(1, 4);
            var trace = new FunnelTrace();
            for (int slot = 0; slot < slots; slot++)
            {
                trace.BeginSlot();
                foreach (int brand in brands)
                {
                    for (int campaign = random.Next(20) == 0 ? 400 : random.Next(1, 4); campaign > 0; campaign--)
                    {
                        trace.Add(brand, campaign, (FunnelReach)random.Next((int)FunnelReach.Paced + 1));
                    }
                }
            }

            return new Search(brands, slots, trace.Runs.ToArray());
        }
    }
}
