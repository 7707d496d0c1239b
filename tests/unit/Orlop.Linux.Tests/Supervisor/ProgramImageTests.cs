extern alias supervisor;

using CsCheck;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using ProgramImage = supervisor::Orlop.Linux.Supervisor.Processes.ProgramImage;
using Refused = supervisor::Orlop.Linux.Protocol.ProtocolException;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class ProgramImageTests
{
    private static readonly byte[] Good = MakeProgram();

    [Fact]
    public void A_program_whose_tables_or_pointers_leave_it_is_refused()
    {
        void Refuses(Action<byte[]> spoil)
        {
            var blob = (byte[])Good.Clone();
            spoil(blob);
            FluentActions.Invoking(() => ProgramImage.Load(blob).Dispose()).Should().Throw<Refused>();
        }

        foreach (int field in new[] { 0, 4, 8, 12, 16, 20 }) // magic, size, counts and offsets
        {
            foreach (int value in new[] { -1, int.MinValue, int.MaxValue, Good.Length, Good.Length - 4 })
            {
                if (BitConverter.ToInt32(Good, field) != value) Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(field), value));
            }
        }

        int operations = BitConverter.ToInt32(Good, 12), relocations = BitConverter.ToInt32(Good, 20);
        Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(operations + 16), (long)Good.Length)); // a pointer argument
        Refuses(b => b[operations + 5] = 0xFF); // slot mask
        Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(operations + 6), (short)256)); // result slot
        Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(relocations), 8)); // into the head
        Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(relocations), operations)); // into the operations
        Refuses(b => BitConverter.TryWriteBytes(b.AsSpan(relocations + 4), Good.Length)); // out of the blob
    }

    [Fact]
    public void Garbage_is_loaded_or_refused_and_never_more()
    {
        Gen.Select(Gen.Int[0, Good.Length - 1].Array[1, 8], Gen.Byte.Array[8]).Sample((places, values) =>
        {
            var blob = (byte[])Good.Clone();
            for (int i = 0; i < places.Length; i++) blob[places[i]] = values[i];
            try
            {
                ProgramImage.Load(blob).Dispose();
            }
            catch (Refused)
            {
            }
        }, iter: 20_000);
    }

    private static byte[] MakeProgram()
    {
        var builder = new SyscallProgramBuilder();
        builder.Call("chdir", SyscallNumber.Chdir, [builder.Text("/")]);
        builder.Execute("/bin/true", ["true", "x"], ["A=b"]);
        return builder.Build().Blob.ToArray();
    }
}
