using System.Text.Unicode;

namespace Decisioning.Lab.Streams;

/// <summary>Reads a file line by line as UTF-8 bytes; ends of lines are <c>\n</c> or <c>\r\n</c>, a byte order mark at the start is passed over.</summary>
public sealed class LineReader : IDisposable
{
    /// <summary>Longest line, bytes.</summary>
    public const int MaxLine = 1 << 20;

    private readonly FileStream _file;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;

    public LineReader(string path)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
    }

    public string Path { get; }

    /// <summary>Number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line, good until the one after it is read. False at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(searched + length, 1);
                return true;
            }

            searched = _end - _start;
            if (_atEnd)
            {
                line = searched > 0 ? Take(searched, 0) : default;
                return searched > 0;
            }

            if (searched > MaxLine)
            {
                throw new BadDataException([new DataFault(Path, Number + 1, 1, $"The line is longer than {MaxLine} bytes.")], 1);
            }

            Fill();
        }
    }

    /// <summary>The first byte that is not UTF-8, −1 where all are.</summary>
    public static int BadByte(ReadOnlySpan<byte> line)
    {
        if (Utf8.IsValid(line))
        {
            return -1;
        }

        int good = 0;
        while (System.Text.Rune.DecodeFromUtf8(line[good..], out _, out int bytes) == System.Buffers.OperationStatus.Done)
        {
            good += bytes;
        }

        return good;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Take(int length, int terminator)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + terminator;
        if (Number++ == 0 && line.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            line = line[3..];
        }

        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = _file.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
    }
}
