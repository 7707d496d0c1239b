using System.Runtime.InteropServices;

// Every native library here is Windows's own.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
