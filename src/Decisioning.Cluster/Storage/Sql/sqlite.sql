-- Consumers' keys are unsigned; they are stored, and sorted, as the signed numbers of the same bits.
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE epochs(
    epoch INTEGER PRIMARY KEY AUTOINCREMENT,
    silo TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    last INTEGER NOT NULL DEFAULT 0);
CREATE TABLE turns(
    consumer INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    due_hour INTEGER,
    kind INTEGER NOT NULL,
    payloads BLOB NOT NULL,
    PRIMARY KEY(consumer, first));
CREATE UNIQUE INDEX turns_by_number ON turns(epoch, number);
CREATE TABLE snapshots(consumer INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, state BLOB NOT NULL);
CREATE TABLE calendar(consumer INTEGER PRIMARY KEY, hour INTEGER NOT NULL);
CREATE INDEX calendar_by_hour ON calendar(hour, consumer);
CREATE TABLE tombstones(consumer INTEGER PRIMARY KEY, erased_at INTEGER NOT NULL, until INTEGER NOT NULL);
CREATE TABLE books(brand INTEGER PRIMARY KEY, version INTEGER NOT NULL, positions BLOB NOT NULL, totals BLOB NOT NULL, money BLOB NOT NULL);
CREATE TABLE hours(brand INTEGER NOT NULL, hour INTEGER NOT NULL, sums BLOB NOT NULL, PRIMARY KEY(brand, hour)) WITHOUT ROWID;
CREATE TABLE brands(
    id TEXT PRIMARY KEY,
    symbol INTEGER NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    document BLOB NOT NULL,
    symbols BLOB NOT NULL,
    deleted INTEGER NOT NULL);
CREATE TABLE brand_history(
    line INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    symbol INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    document BLOB NOT NULL,
    symbols BLOB NOT NULL,
    deleted INTEGER NOT NULL);
CREATE INDEX brand_history_by_id ON brand_history(id);
CREATE TABLE audit(
    line INTEGER PRIMARY KEY,
    brand TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    path TEXT NOT NULL,
    before TEXT,
    after TEXT);
CREATE INDEX audit_by_brand ON audit(brand);
CREATE TABLE settings(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
