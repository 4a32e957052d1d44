using System.CommandLine;
using System.CommandLine.Parsing;

namespace Decisioning.Lab.Commands;

/// <summary>A command that can say everything that is wrong with how it was called, beside what the parser finds.</summary>
/// <param name="faultsOf">What is wrong with the options taken together, or with their values; a sentence each.</param>
internal sealed class LabCommand(string name, string description, Func<CommandResult, IEnumerable<string>> faultsOf) : Command(name, description)
{
    public IEnumerable<string> FaultsOf(CommandResult given) => faultsOf(given);
}
