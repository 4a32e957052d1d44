using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>The tables of <c>state.db</c>. Keys are unsigned; they are stored, and sorted, as the signed numbers of the same bits.</summary>
internal static class StateSchema
{
    public static readonly SqliteSchema Current = new(Mark: 0x4463_7353, Version: 2, """
        CREATE TABLE consumers(key INTEGER PRIMARY KEY, state BLOB NOT NULL);
        CREATE TABLE marks(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE spending(brand INTEGER NOT NULL, campaign INTEGER NOT NULL, total INTEGER NOT NULL, day INTEGER NOT NULL, today INTEGER NOT NULL,
            PRIMARY KEY(brand, campaign)) WITHOUT ROWID;
        CREATE TABLE calendar(hour INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY(hour, key)) WITHOUT ROWID;
        CREATE TABLE books(brand INTEGER PRIMARY KEY, totals BLOB NOT NULL);
        CREATE TABLE hours(brand INTEGER NOT NULL, hour INTEGER NOT NULL, sums BLOB NOT NULL, PRIMARY KEY(brand, hour)) WITHOUT ROWID;
        CREATE TABLE brands(id TEXT PRIMARY KEY, symbol INTEGER NOT NULL UNIQUE, version INTEGER NOT NULL, at INTEGER NOT NULL, document BLOB NOT NULL,
            symbols BLOB NOT NULL, deleted INTEGER NOT NULL);
        CREATE TABLE brand_history(line INTEGER PRIMARY KEY, id TEXT NOT NULL, symbol INTEGER NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL,
            document BLOB NOT NULL, symbols BLOB NOT NULL, deleted INTEGER NOT NULL);
        CREATE INDEX brand_history_by_id ON brand_history(id);
        CREATE TABLE audit(line INTEGER PRIMARY KEY, brand TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, path TEXT NOT NULL,
            before TEXT, after TEXT);
        CREATE INDEX audit_by_brand ON audit(brand);
        CREATE TABLE settings(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE tombstones(key INTEGER PRIMARY KEY, erased_at INTEGER NOT NULL, until INTEGER NOT NULL);
        """);
}
