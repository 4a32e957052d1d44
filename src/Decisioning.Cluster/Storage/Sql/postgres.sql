-- Consumers' keys are unsigned; they are stored, and sorted, as the signed numbers of the same bits.
CREATE TABLE meta(name text PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE epochs(
    epoch bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    silo text NOT NULL,
    opened_at bigint NOT NULL,
    open boolean NOT NULL DEFAULT true,
    last bigint NOT NULL DEFAULT 0);
CREATE TABLE turns(
    consumer bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    epoch bigint NOT NULL,
    number bigint NOT NULL,
    instant bigint NOT NULL,
    due_hour int,
    kind smallint NOT NULL,
    payloads bytea NOT NULL,
    PRIMARY KEY(consumer, first));
CREATE UNIQUE INDEX turns_by_number ON turns(epoch, number);
CREATE TABLE snapshots(consumer bigint PRIMARY KEY, sequence bigint NOT NULL, state bytea NOT NULL) WITH (fillfactor = 85);
CREATE TABLE calendar(consumer bigint PRIMARY KEY, hour int NOT NULL);
CREATE INDEX calendar_by_hour ON calendar(hour, consumer);
CREATE TABLE tombstones(consumer bigint PRIMARY KEY, erased_at bigint NOT NULL, until bigint NOT NULL);
CREATE TABLE books(brand int PRIMARY KEY, version bigint NOT NULL, positions bytea NOT NULL, totals bytea NOT NULL, money bytea NOT NULL);
CREATE TABLE hours(brand int NOT NULL, hour int NOT NULL, sums bytea NOT NULL, PRIMARY KEY(brand, hour));
CREATE TABLE brands(
    id text PRIMARY KEY,
    symbol int NOT NULL UNIQUE,
    version bigint NOT NULL,
    at bigint NOT NULL,
    document bytea NOT NULL,
    symbols bytea NOT NULL,
    deleted boolean NOT NULL);
CREATE TABLE brand_history(
    line bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL,
    symbol int NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    document bytea NOT NULL,
    symbols bytea NOT NULL,
    deleted boolean NOT NULL);
CREATE INDEX brand_history_by_id ON brand_history(id);
CREATE TABLE audit(
    line bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand text NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    path text NOT NULL,
    before text,
    after text);
CREATE INDEX audit_by_brand ON audit(brand);
CREATE TABLE settings(name text PRIMARY KEY, value bytea NOT NULL);
-- Rows that change all the time are cleaned up often, in small pieces.
ALTER TABLE snapshots SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE calendar SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE books SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
