namespace Orlop.Layers.Tar;

/// <summary>Numbers as headers write them: octal digits, or base 256 where the first bit is set (GNU tar manual, "Extensions to the Archive Format").</summary>
internal static class TarNumber
{
    public static bool TryParse(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & 0x80) != 0 ? TryParseBinary(field, out value) : TryParseOctal(field, out value);

    private static bool TryParseBinary(ReadOnlySpan<byte> field, out long value)
    {
        // The second bit is the sign of a two's complement number that is as wide as the field.
        bool negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte digit = i == 0 ? (byte)((field[0] & 0x7f) | (negative ? 0x80 : 0)) : field[i];
            if (value >> 55 is not (0 or -1))
                return false;
            value = (value << 8) | digit;
        }

        return true;
    }

    private static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        var digits = field.Trim(" \0"u8);
        int nul = digits.IndexOf((byte)0);
        if (nul >= 0)
            digits = digits[..nul];
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value >> 60 != 0)
                return false;
            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }
}
