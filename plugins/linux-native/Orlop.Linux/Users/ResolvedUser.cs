using Orlop.Abstractions.Execution;

namespace Orlop.Linux.Users;

/// <summary>A user as found in an image.</summary>
/// <param name="User">Its ids.</param>
/// <param name="Home">Its home; <c>/</c> when the passwd file does not say.</param>
internal sealed record ResolvedUser(ContainerUser User, string Home);
