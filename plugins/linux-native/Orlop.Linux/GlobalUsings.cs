global using FileMode = Orlop.Linux.Syscalls.FileMode;
