using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>Whatever the bytes, a document compiles or has faults, one or the other, and nothing is thrown.</summary>
public class FuzzTests
{
    private static readonly byte[] Example = Encoding.UTF8.GetBytes(Documents.Example);

    private static readonly string[] Values =
        ["null", "true", "-1", "1e999", "0.1", "\"\"", "\"0\"", "\"runway-a\"", "\"9999-12-31\"", "[]", "{}", "[[]]", "{\"like\":\"a\"}", "\"\\ud83d\\ude00\"", "99999999999999999999"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_bytes(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 1_500; i++)
        {
            List<byte> bytes = [.. Example];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                MutateBytes(bytes, random);
            }

            AssertEitherOr([.. bytes], $"seed {seed}, round {i}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Mutated_values(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 1_000; i++)
        {
            JsonNode root = JsonNode.Parse(Example)!;
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                MutateValue(root, random);
            }

            AssertEitherOr(Encoding.UTF8.GetBytes(root.ToJsonString()), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void Every_truncation_is_malformed()
    {
        for (int length = 0; length < Example.Length; length++)
        {
            CompileResult result = Documents.Compile(Example[..length]);
            Assert.Equal(FaultCodes.MalformedJson, Assert.Single(result.Faults).Code);
        }
    }

    private static void AssertEitherOr(byte[] json, string which)
    {
        CompileResult result = Documents.Compile(json);
        Assert.True(result.Brand is null == result.Faults.Count > 0, which);
        Assert.True(result.Faults.All(f => f.Pointer is "" or ['/', ..] && f.Code.Length > 0 && f.Detail.Length > 0), which);
    }

    private static void MutateBytes(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                break;
            case 2:
                bytes.Insert(at, (byte)"{}[]\",:0e-\\ \n"[random.Next(13)]);
                break;
            default:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)));
                break;
        }
    }

    private static void MutateValue(JsonNode root, Random random)
    {
        List<JsonNode> places = [];
        Collect(root, places);
        JsonNode place = places[random.Next(places.Count)];
        JsonNode? value = JsonNode.Parse(Values[random.Next(Values.Length)]);
        switch (place.Parent)
        {
            case JsonObject owner when random.Next(3) == 0:
                owner.Remove(place.GetPropertyName());
                break;
            case JsonObject owner when random.Next(3) == 0:
                owner[place.GetPropertyName() + "x"] = place.DeepClone();
                break;
            case JsonObject owner:
                owner[place.GetPropertyName()] = value;
                break;
            case JsonArray list:
                list[place.GetElementIndex()] = value;
                break;
        }
    }

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject members => members.Select(m => m.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode child in children.OfType<JsonNode>())
        {
            places.Add(child);
            Collect(child, places);
        }

        if (places.Count == 0)
        {
            places.Add(node);
        }
    }
}
