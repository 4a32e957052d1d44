using System.Reflection;
using System.Text;
using Orleans.CodeGeneration;

namespace Decisioning.Cluster.Tests.Hosting;

/// <summary>What silos say to one another is what <c>wire-contract.txt</c> says: whoever changes it sees it in review, and moves the version where older silos could not read it.</summary>
public sealed class WireContractTests
{
    private static readonly Assembly Cluster = typeof(WireContract).Assembly;

    [Fact]
    public void The_wire_contract_is_as_reviewed()
    {
        string found = Text();
        string reviewed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wire-contract.txt"));
        if (found != reviewed)
        {
            string path = Path.Combine(AppContext.BaseDirectory, "wire-contract.found.txt");
            File.WriteAllText(path, found);
            Assert.Fail($"src/Decisioning.Cluster/wire-contract.txt is not what the code says ({path}):\n{Difference(reviewed.Split('\n'), found.Split('\n'))}");
        }
    }

    [Fact]
    public void Everything_on_the_wire_has_a_name_of_its_own()
    {
        Type[] unnamed = [.. Cluster.GetTypes().Where(static t => IsOnTheWire(t) && t.GetCustomAttribute<AliasAttribute>(inherit: false) is null)];
        Assert.Empty(unnamed);
        string[] names = [.. Cluster.GetTypes().Where(IsOnTheWire).Select(NameOf)];
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    private static bool IsOnTheWire(Type type) =>
        type.Namespace?.StartsWith("Decisioning.", StringComparison.Ordinal) == true
        && (type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null || (type.IsInterface && type.IsAssignableTo(typeof(IAddressable))));

    private static string Text()
    {
        StringBuilder text = new();
        text.Append($"version {WireContract.Version}\n");
        foreach (Type type in Cluster.GetTypes().Where(IsOnTheWire).OrderBy(NameOf, StringComparer.Ordinal))
        {
            text.Append('\n');
            _ = type.IsInterface ? Interface(type, text) : Message(type, text);
        }

        return text.ToString();
    }

    private static StringBuilder Interface(Type type, StringBuilder text)
    {
        text.Append($"interface {NameOf(type)} version {type.GetCustomAttribute<VersionAttribute>()?.Version} {type.Name}\n");
        foreach (MethodInfo method in type.GetMethods().OrderBy(NameOf, StringComparer.Ordinal))
        {
            text.Append($"  {NameOf(method)}({string.Join(", ", method.GetParameters().Select(static p => TextOf(p.ParameterType)))}): {TextOf(method.ReturnType)}\n");
        }

        return text;
    }

    private static StringBuilder Message(Type type, StringBuilder text)
    {
        string based = type.BaseType is { } parent && IsOnTheWire(parent) ? $" : {NameOf(parent)}" : "";
        text.Append($"{(type.IsEnum ? "enum" : "type")} {NameOf(type)}{based} {type.Name}\n");
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<(uint Id, string Name, Type Type)> members = type.GetMembers(Own)
            .Where(static m => m.GetCustomAttribute<IdAttribute>() is not null)
            .Select(static m => (m.GetCustomAttribute<IdAttribute>()!.Id, m.Name, m is PropertyInfo p ? p.PropertyType : ((FieldInfo)m).FieldType));
        foreach ((uint id, string name, Type member) in members.OrderBy(static m => m.Id))
        {
            text.Append($"  {id} {name}: {TextOf(member)}\n");
            if (member.IsEnum)
            {
                text.Append($"    {string.Join(", ", Enum.GetNames(member).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(member, n), null)}"))}\n");
            }
        }

        return text;
    }

    private static string NameOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? $"(unnamed) {member.Name}";

    private static string TextOf(Type type) =>
        type.IsArray ? TextOf(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(TextOf))}>"
        : IsOnTheWire(type) ? NameOf(type)
        : type.Name;

    private static string Difference(string[] reviewed, string[] found) => string.Join(
        '\n', reviewed.Except(found).Select(static l => "- " + l).Concat(found.Except(reviewed).Select(static l => "+ " + l)));
}
