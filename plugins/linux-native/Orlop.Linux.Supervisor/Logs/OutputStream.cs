using System.Runtime.InteropServices;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>The read end of a process's standard output or error.</summary>
internal abstract unsafe class OutputStream : IEventSource, IDisposable
{
    private readonly SafeFileDescriptor pipe;
    private readonly Action closed; // told once
    private bool watched;

    /// <summary>Takes over the pipe, which does not block.</summary>
    protected OutputStream(SafeFileDescriptor pipe, LoopContext loop, Action closed)
    {
        this.pipe = pipe;
        this.closed = closed;
        Loop = loop;
    }

    /// <summary>Whether the end has been read, or reading was given up.</summary>
    public bool Closed { get; private set; }

    /// <summary>Bytes of it that reached nobody.</summary>
    public long DroppedBytes { get; protected set; }

    protected LoopContext Loop { get; }

    /// <summary>Starts, or goes on, to read.</summary>
    public void Watch()
    {
        if (Closed || watched) return;
        Loop.Poller.Watch(pipe, this);
        watched = true;
    }

    public void OnReady(uint events) => ReadOnce();

    /// <summary>Reads what is in the pipe now, and closes it although somebody else may hold it open.</summary>
    public void Cut()
    {
        const int MaxReads = 64; // a pipe's default capacity many times over: the other side may write as fast as we read
        for (int i = 0; i < MaxReads && !Closed && ReadOnce(); i++)
        {
        }

        if (!Closed) Close();
    }

    /// <summary>Gives memory back that is not in use.</summary>
    public virtual void Trim()
    {
    }

    public void Dispose()
    {
        Pause();
        Closed = true;
        pipe.Dispose();
    }

    /// <summary>Stops to read until <see cref="Watch"/>: the process waits when the pipe is full.</summary>
    protected void Pause()
    {
        if (!watched) return;
        Loop.Poller.Forget(pipe);
        watched = false;
    }

    /// <summary>How many bytes the next read may take.</summary>
    protected virtual int ReadSize => Loop.Input.Length - LoopContext.HeadRoom;

    /// <summary>Takes what a read returned: the bytes of the loop's input buffer after <see cref="LoopContext.HeadRoom"/>.</summary>
    protected abstract void Consume(int count);

    /// <summary>The end was reached.</summary>
    protected abstract void Finish();

    private bool ReadOnce()
    {
        nint count;
        fixed (byte* p = Loop.Input)
        {
            count = Libc.Read(pipe, p + LoopContext.HeadRoom, ReadSize);
        }

        if (count > 0)
        {
            Consume((int)count);
            return true;
        }

        if (count < 0 && Marshal.GetLastPInvokeError() is (Errno.EAGAIN or Errno.EINTR)) return false;
        Close();
        return false;
    }

    private void Close()
    {
        Finish();
        Dispose();
        closed();
    }
}
