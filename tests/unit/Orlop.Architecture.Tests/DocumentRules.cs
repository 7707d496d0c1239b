using System.Text.RegularExpressions;
using Orlop.Testing;

namespace Orlop.Architecture.Tests;

public sealed partial class DocumentRules
{
    [Fact]
    public void Every_link_of_the_documents_leads_to_a_file()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => !Path.GetRelativePath(Repository.Root, file).StartsWith("artifacts", StringComparison.Ordinal))
            .ToList();
        documents.Should().Contain(file => Path.GetFileName(file) == "architecture.md");

        var broken =
            from document in documents
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
            select $"{Path.GetRelativePath(Repository.Root, document)}: {target}";

        broken.Should().BeEmpty();
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();
}
