using System.Runtime.InteropServices;
using System.Text;

namespace Orlop.Linux.Syscalls;

/// <summary>A NULL-terminated vector of C strings, as execve(2) takes; in memory that does not move.</summary>
internal sealed unsafe class StringVector : SafeHandle
{
    public StringVector(IReadOnlyList<string> strings)
        : base(0, ownsHandle: true)
    {
        int table = (strings.Count + 1) * sizeof(byte*);
        int size = table;
        foreach (string s in strings)
        {
            if (s.Contains('\0')) throw new ArgumentException("a NUL in an argument", nameof(strings));
            size += Encoding.UTF8.GetByteCount(s) + 1;
        }

        var block = (byte*)NativeMemory.AllocZeroed((nuint)size);
        SetHandle((nint)block);
        byte* next = block + table;
        for (int i = 0; i < strings.Count; i++)
        {
            ((byte**)block)[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, size - (int)(next - block))) + 1;
        }
    }

    public byte** Pointer => (byte**)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
