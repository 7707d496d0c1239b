using System.Buffers.Binary;

namespace Orlop.Linux.Tests.Seccomp;

/// <summary>Runs a compiled filter as the kernel does, on a <c>struct seccomp_data</c>.</summary>
internal static class BpfSimulator
{
    public static uint Run(byte[] program, uint architecture, uint number, ReadOnlySpan<ulong> arguments)
    {
        byte[] data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (int i = 0; i < arguments.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + 8 * i), arguments[i]);
        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            ReadOnlySpan<byte> instruction = program.AsSpan(at * 8, 8);
            uint operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            bool? holds = null;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20: accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)operand)); break;
                case 0x54: accumulator &= operand; break;
                case 0x05: at += (int)operand; break;
                case 0x15: holds = accumulator == operand; break;
                case 0x25: holds = accumulator > operand; break;
                case 0x35: holds = accumulator >= operand; break;
                case 0x06: return operand;
                default: throw new InvalidOperationException($"instruction {at} is unknown");
            }
            if (holds is { } jump) at += jump ? instruction[2] : instruction[3];
        }
    }
}
