using System.Text;
using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Records;
using Orlop.Host.State;
using Orlop.Host.Tests.Support;
using Record = Orlop.Abstractions.Records.Record;

namespace Orlop.Host.Tests.State;

public sealed class RecordStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordingLogs _logs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task A_record_is_read_back_until_it_is_deleted()
    {
        await using var database = Open();
        var store = new RecordStore(database, "engine");

        await store.CommitAsync(new RecordChanges().Put("a", [1, 2]).Put("b", []), Durability.Process, default);
        (await store.GetAsync("a", default)).Should().Equal(1, 2);
        (await store.GetAsync("b", default)).Should().BeEmpty();

        await store.CommitAsync(new RecordChanges().Put("a", [3]).Delete("b").Delete("never there"), Durability.Power, default);
        (await store.GetAsync("a", default)).Should().Equal(3);
        (await store.GetAsync("b", default)).Should().BeNull();
    }

    [Fact]
    public async Task Namespaces_do_not_see_each_other()
    {
        await using var database = Open();
        await new RecordStore(database, "plugin/cni").CommitAsync(new RecordChanges().Put("k", [1]), Durability.Process, default);

        (await new RecordStore(database, "plugin/cni2").GetAsync("k", default)).Should().BeNull();
        (await new RecordStore(database, "plugin/cni2").ListAsync("", default)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_prefix_lists_its_keys_in_ordinal_order()
    {
        await using var database = Open();
        var store = new RecordStore(database, "n");
        string[] keys = ["pod/b", "pod/a", "pod", "podx", "pod/", "pod/ä", "pod/\U0001F600", "pod/\uFFFD", "po"];
        var changes = new RecordChanges();
        foreach (string key in keys)
            changes.Put(key, Encoding.UTF8.GetBytes(key));
        await store.CommitAsync(changes, Durability.Process, default);

        var listed = await store.ListAsync("pod/", default);

        listed.Select(record => record.Key).Should().Equal(keys.Where(key => key.StartsWith("pod/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        listed.Should().OnlyContain(record => Encoding.UTF8.GetString(record.Value) == record.Key);
    }

    [Fact]
    public async Task The_store_is_what_a_dictionary_would_be_also_after_a_restart()
    {
        var model = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var steps = new List<RecordChanges>();
        Gen.Select(Gen.String[Gen.Char["ab/"], 1, 4], Gen.Byte.Array[0, 8], Gen.Int[0, 3]).Array[1, 6].Array[20].Sample(
            batches => steps.AddRange(batches.Select(Changes)), iter: 1);

        await using (var database = Open())
        {
            foreach (var step in steps)
                await new RecordStore(database, "n").CommitAsync(step, Durability.Process, default);
        }

        foreach (var (key, value) in steps.SelectMany(step => step.Changes))
        {
            if (value is null) model.Remove(key);
            else model[key] = value;
        }

        await using var reopened = Open();
        (await new RecordStore(reopened, "n").ListAsync("", default)).Should().BeEquivalentTo(
            model.Select(entry => new Record(entry.Key, entry.Value)), options => options.WithStrictOrdering());

        static RecordChanges Changes((string Key, byte[] Value, int Delete)[] batch)
        {
            var changes = new RecordChanges();
            foreach (var (key, value, delete) in batch)
                _ = delete == 0 ? changes.Delete(key) : changes.Put(key, value);
            return changes;
        }
    }

    [Fact]
    public async Task Many_commits_at_once_are_all_there_after_the_process_was_killed()
    {
        await using var database = Open();
        var store = new RecordStore(database, "n");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            store.CommitAsync(new RecordChanges().Put($"k{i:d4}", BitConverter.GetBytes(i)), i % 50 == 0 ? Durability.Power : Durability.Process, default).AsTask()));

        // What kill -9 leaves: the files as they are, without the closing of the database.
        Directory.CreateDirectory(_folder.File("killed"));
        foreach (string file in (string[])["state.db", "state.db-wal"])
            File.Copy(_folder.File(file), _folder.File($"killed/{file}"));

        await using var afterwards = Open("killed/state.db");
        var records = await new RecordStore(afterwards, "n").ListAsync("k", default);
        records.Should().HaveCount(500);
        records.Select(record => BitConverter.ToInt32(record.Value)).Should().Equal(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task A_record_that_does_not_match_its_checksum_is_quarantined_and_the_others_stay()
    {
        await using (var database = Open())
            await new RecordStore(database, "engine").CommitAsync(new RecordChanges().Put("pod/1", [1]).Put("pod/2", [2]).Put("pod/3", [3]), Durability.Process, default);
        Execute("UPDATE records SET value = x'ff' WHERE key = 'pod/2'");

        await using var reopened = Open();
        var store = new RecordStore(reopened, "engine");
        (await store.ListAsync("pod/", default)).Select(record => record.Key).Should().Equal("pod/1", "pod/3");
        (await store.GetAsync("pod/2", default)).Should().BeNull();

        await store.CommitAsync(new RecordChanges().Put("x", [0]), Durability.Process, default); // behind the move into quarantine
        (await new RecordStore(reopened, RecordDatabase.QuarantineNamespace).GetAsync("engine/pod/2", default)).Should().Equal(0xff);
        _logs.Lines.Should().ContainSingle(line => line.Level == LogLevel.Error).Which.Message.Should().Contain("engine/pod/2");
    }

    [Fact]
    public async Task A_record_that_is_written_while_its_predecessor_is_quarantined_stays()
    {
        await using (var database = Open())
            await new RecordStore(database, "n").CommitAsync(new RecordChanges().Put("k", [1]), Durability.Process, default);

        await using var reopened = Open();
        var store = new RecordStore(reopened, "n");
        for (byte i = 2; i < 30; i++)
        {
            Execute("UPDATE records SET checksum = 7 WHERE namespace = 'n'");
            var reading = store.GetAsync("k", default).AsTask();
            await store.CommitAsync(new RecordChanges().Put("k", [i]), Durability.Process, default);
            await reading;
            (await store.GetAsync("k", default)).Should().Equal(i);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_moved_aside_and_a_new_one_begun()
    {
        _ = _folder.Write("state.db", new string('x', 9000));

        await using var database = Open();
        var store = new RecordStore(database, "n");
        await store.CommitAsync(new RecordChanges().Put("k", [1]), Durability.Process, default);

        (await store.GetAsync("k", default)).Should().Equal(1);
        Directory.GetFiles(_folder.Path, "state.db.corrupt-*").Should().ContainSingle().Which.Should().Match(path => new FileInfo(path).Length == 9000);
        _logs.Lines.Should().ContainSingle(line => line.Level == LogLevel.Error).Which.Message.Should().Contain("is corrupt");
    }

    [Fact]
    public async Task A_damaged_page_costs_its_own_records_and_not_the_file()
    {
        await using (var database = Open())
        {
            var changes = new RecordChanges();
            for (int i = 0; i < 400; i++)
                changes.Put($"k{i:d4}", new byte[200]);
            await new RecordStore(database, "n").CommitAsync(changes, Durability.Power, default);
        }

        using (var file = File.OpenHandle(_folder.File("state.db"), FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.Write(file, Enumerable.Repeat((byte)0xEE, 4096).ToArray(), 4096 * 12);

        await using var reopened = Open();
        var saved = await new RecordStore(reopened, "n").ListAsync("k", default);
        saved.Count.Should().BeInRange(300, 399);
        Directory.GetFiles(_folder.Path, "state.db.corrupt-*").Should().NotBeEmpty();
        _logs.Lines.Should().ContainSingle(line => line.Level == LogLevel.Error).Which.Message.Should().Contain($"{saved.Count} records");
    }

    [Fact]
    public async Task A_file_of_a_later_format_is_refused_and_left_as_it_is()
    {
        await using (var database = Open())
            await new RecordStore(database, "n").CommitAsync(new RecordChanges().Put("k", [1]), Durability.Power, default);
        SetFormat(2);

        await using (var older = Open())
        {
            var read = () => new RecordStore(older, "n").GetAsync("k", default).AsTask();
            var error = await read.Should().ThrowAsync<RuntimeException>();
            error.Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
            error.Which.Message.Should().Contain(_folder.File("state.db")).And.Contain("later orlopd");
        }

        SetFormat(1);
        await using var reopened = Open();
        (await new RecordStore(reopened, "n").GetAsync("k", default)).Should().Equal(1);

        void SetFormat(int format)
        {
            using var connection = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA user_version = {format}";
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_hold_the_file_fails_every_call_with_the_reason()
    {
        await using var database = new RecordDatabase(_folder.File("no/such/folder/state.db"), TimeProvider.System, _logs.For<RecordDatabase>());
        var store = new RecordStore(database, "n");

        var read = () => store.GetAsync("k", default).AsTask();
        var write = () => store.CommitAsync(new RecordChanges().Put("k", []), Durability.Process, default).AsTask();

        (await read.Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain("no/such/folder/state.db");
        (await write.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [Fact]
    public async Task A_closed_database_refuses_commits()
    {
        var database = Open();
        await database.DisposeAsync();

        var write = () => new RecordStore(database, "n").CommitAsync(new RecordChanges().Put("k", []), Durability.Process, default).AsTask();
        (await write.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.Unavailable);
    }

    [Theory]
    [InlineData(13, ErrorKind.ResourceExhausted)]
    [InlineData(11, ErrorKind.DataLoss)]
    [InlineData(8, ErrorKind.FailedPrecondition)]
    [InlineData(10, ErrorKind.Unavailable)]
    [InlineData(1, ErrorKind.Internal)]
    public void Errors_of_SQLite_name_the_file_and_have_a_kind(int code, ErrorKind expected)
    {
        var error = RecordErrors.Translate(new SqliteException("what SQLite says", code), "/var/lib/orlop/state.db");

        error.Kind.Should().Be(expected);
        error.Message.Should().Contain("/var/lib/orlop/state.db");
    }

    private RecordDatabase Open(string name = "state.db") => new(_folder.File(name), TimeProvider.System, _logs.For<RecordDatabase>());

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery().Should().BePositive();
    }
}
