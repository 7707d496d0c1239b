// A restart kills plugins by the sandbox that they run for, on the whole machine; the tests' sandboxes share short names.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
