using System.Buffers.Text;

namespace Decisioning.Load.Http;

/// <summary>Reads an HTTP/1.1 reply out of the bytes that have come.</summary>
internal static class ReplyReader
{
    private const int StatusAt = 9;
    private const int StatusDigits = 3;

    /// <summary>Reads a reply; false where it is not whole yet.</summary>
    /// <param name="received">What has come since the request. Chunks of a whole body are pushed together here.</param>
    /// <exception cref="InvalidDataException">It is no reply.</exception>
    public static bool TryRead(Span<byte> received, out Reply reply)
    {
        reply = default;
        int end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> head = received[..end];
        int status = StatusOf(head);
        HeadFields fields = HeadFields.Of(head[(head.IndexOf("\r\n"u8) is >= 0 and int first ? first : head.Length)..]);
        Span<byte> rest = received[(end + 4)..];
        bool bodiless = status is 204 or 304;
        if (fields.Length is null && !fields.Chunked && !bodiless)
        {
            throw new InvalidDataException($"A reply with status {status} says neither how long it is nor that it comes in chunks.");
        }

        int length = bodiless ? 0 : fields.Length ?? 0;
        if (fields.Chunked ? !TryJoin(rest, out length) : rest.Length < length)
        {
            return false;
        }

        reply = new Reply { Status = status, Body = rest[..length], HasRetryAfter = fields.RetryAfter, Closes = fields.Closes };
        return true;
    }

    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("HTTP/1.1 "u8) && head.Length >= StatusAt + StatusDigits && Utf8Parser.TryParse(head.Slice(StatusAt, StatusDigits), out int status, out int used) && used == StatusDigits
            ? status
            : throw new InvalidDataException($"This begins no HTTP/1.1 reply: '{System.Text.Encoding.ASCII.GetString(head[..Math.Min(head.Length, 60)])}'.");

    /// <summary>Pushes the chunks of a body together, once they are all there; otherwise leaves them alone.</summary>
    private static bool TryJoin(Span<byte> body, out int length)
    {
        length = 0;
        if (!TryWalk(body, write: false, out _))
        {
            return false;
        }

        TryWalk(body, write: true, out length);
        return true;
    }

    private static bool TryWalk(Span<byte> body, bool write, out int length)
    {
        length = 0;
        for (int at = 0; ;)
        {
            ReadOnlySpan<byte> rest = body[at..];
            int line = rest.IndexOf("\r\n"u8);
            if (line < 0)
            {
                return false;
            }

            if (!Utf8Parser.TryParse(rest[..line], out uint size, out int used, 'x') || (used < line && rest[used] is not ((byte)';' or (byte)' ')) || size > int.MaxValue / 2)
            {
                throw new InvalidDataException("A chunk does not say how long it is.");
            }

            int data = at + line + 2;
            if (size == 0)
            {
                // Trailers end with an empty line.
                return body[(data - 2)..].IndexOf("\r\n\r\n"u8) >= 0;
            }

            if (body.Length < data + size + 2)
            {
                return false;
            }

            if (write)
            {
                body.Slice(data, (int)size).CopyTo(body[length..]);
            }

            length += (int)size;
            at = data + (int)size + 2;
        }
    }

    /// <summary>The few fields of a head that matter here.</summary>
    private struct HeadFields
    {
        public int? Length;
        public bool Chunked;
        public bool Closes;
        public bool RetryAfter;

        public static HeadFields Of(ReadOnlySpan<byte> lines)
        {
            HeadFields fields = default;
            while (lines.Length > 2)
            {
                lines = lines[2..];
                int end = lines.IndexOf("\r\n"u8);
                ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
                fields.Take(line);
                lines = lines[line.Length..];
            }

            return fields;
        }

        private void Take(ReadOnlySpan<byte> line)
        {
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
            ReadOnlySpan<byte> value = colon < 0 ? default : line[(colon + 1)..].Trim(" \t"u8);
            switch (name.Length)
            {
                case 14 when System.Text.Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                    Length = Utf8Parser.TryParse(value, out int length, out int used) && used == value.Length && length >= 0
                        ? length
                        : throw new InvalidDataException("A reply's Content-Length is no number.");
                    break;
                case 17 when System.Text.Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                    Chunked = System.Text.Ascii.EqualsIgnoreCase(value, "chunked"u8);
                    break;
                case 10 when System.Text.Ascii.EqualsIgnoreCase(name, "Connection"u8):
                    Closes = System.Text.Ascii.EqualsIgnoreCase(value, "close"u8);
                    break;
                case 11 when System.Text.Ascii.EqualsIgnoreCase(name, "Retry-After"u8):
                    RetryAfter = true;
                    break;
                default:
                    break;
            }
        }
    }
}
