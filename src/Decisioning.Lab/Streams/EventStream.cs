using System.Text;

namespace Decisioning.Lab.Streams;

/// <summary>A file of events in one format: looked through as a whole before anything of it is used, then read event by event.</summary>
public sealed class EventStream(string path, IEventFormat format)
{
    public string Path => path;

    /// <summary>Reads the whole file and says what it holds.</summary>
    /// <exception cref="BadDataException">Names every fault, line by line (the first <see cref="BadDataException.Told"/> in full), or that there is no event.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public StreamSummary LookThrough()
    {
        var faults = new List<DataFault>();
        long total = 0, events = 0, views = 0, first = long.MaxValue, last = long.MinValue;
        using var lines = new LineReader(path);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            StreamEvent? e = Read(line, lines.Number, out LineFault? fault);
            if (fault is not null)
            {
                total++;
                if (faults.Count < BadDataException.Told)
                {
                    faults.Add(new DataFault(path, lines.Number, ColumnOf(line, fault.Offset), fault.Detail));
                }
            }
            else if (e is not null)
            {
                events++;
                views += e.Type == Core.Catalogue.EventType.View ? 1 : 0;
                first = Math.Min(first, e.OccurredAt);
                last = Math.Max(last, e.OccurredAt);
            }
        }

        if (total == 0 && events == 0)
        {
            faults.Add(new DataFault(path, 1, 1, "There is no event in the file."));
            total++;
        }

        return total == 0 ? new StreamSummary(events, views, first, last) : throw new BadDataException(faults, total);
    }

    /// <summary>The events in the order of the file.</summary>
    /// <exception cref="BadDataException">The file has changed since it was looked through.</exception>
    public IEnumerable<StreamEvent> Read()
    {
        using var lines = new LineReader(path);
        while (TryReadLine(lines, out StreamEvent? e))
        {
            if (e is not null)
            {
                yield return e;
            }
        }
    }

    private bool TryReadLine(LineReader lines, out StreamEvent? e)
    {
        e = null;
        if (!lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        e = Read(line, lines.Number, out LineFault? fault);
        return fault is null ? true : throw new BadDataException([new DataFault(path, lines.Number, ColumnOf(line, fault.Offset), fault.Detail)], 1);
    }

    private StreamEvent? Read(ReadOnlySpan<byte> line, long number, out LineFault? fault)
    {
        int bad = LineReader.BadByte(line);
        if (bad >= 0)
        {
            fault = new LineFault(bad, $"The byte {line[bad]:x2} is not UTF-8.");
            return null;
        }

        return format.Read(line, number, out fault);
    }

    private static int ColumnOf(ReadOnlySpan<byte> line, int offset) => Encoding.UTF8.GetCharCount(line[..offset]) + 1;
}

/// <summary>What a stream holds.</summary>
/// <param name="Views">Product views, at each of which a decision is asked for.</param>
/// <param name="First">Earliest instant, ms since the Unix epoch.</param>
/// <param name="Last">Latest instant.</param>
public sealed record StreamSummary(long Events, long Views, long First, long Last);
