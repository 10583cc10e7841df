package heddle.store;

import java.util.List;

/**
 * The steps of the schema, by number: the first makes version 1 out of an empty file. A step that
 * was released is never changed; a new one is added behind it.
 */
final class Migrations {
  static final List<List<String>> ALL =
      List.of(
          List.of(
              """
              CREATE TABLE account (
                id               TEXT PRIMARY KEY,
                name             TEXT NOT NULL UNIQUE,
                display          TEXT NOT NULL,
                disabled_reason  TEXT,
                scram_salt       BLOB NOT NULL,
                scram_iterations INTEGER NOT NULL,
                created          TEXT NOT NULL,
                changed          TEXT NOT NULL
              ) STRICT""",
              """
              CREATE TABLE address (
                address TEXT PRIMARY KEY,
                account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE
              ) STRICT""",
              "CREATE INDEX address_of ON address(account)",
              """
              CREATE TABLE credential (
                id             TEXT PRIMARY KEY,
                account        TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
                kind           TEXT NOT NULL,
                label          TEXT NOT NULL,
                version        INTEGER NOT NULL,
                hash           BLOB NOT NULL,
                scram_sha_256  BLOB,
                scram_sha_512  BLOB,
                created        TEXT NOT NULL,
                changed        TEXT NOT NULL,
                expires        TEXT,
                last_used      TEXT,
                last_ip        TEXT,
                last_mechanism TEXT
              ) STRICT""",
              "CREATE INDEX credential_of ON credential(account)"),
          List.of(
              "ALTER TABLE credential ADD COLUMN scram_sha_1 BLOB",
              "ALTER TABLE credential ADD COLUMN cram_md5 BLOB",
              "ALTER TABLE credential ADD COLUMN proof TEXT",
              "CREATE UNIQUE INDEX credential_proof ON credential(proof)"),
          List.of(
              "ALTER TABLE account ADD COLUMN barred INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE credential ADD COLUMN networks TEXT",
              "ALTER TABLE credential ADD COLUMN listeners TEXT",
              "ALTER TABLE credential ADD COLUMN senders TEXT",
              "ALTER TABLE credential ADD COLUMN recipients TEXT",
              "ALTER TABLE credential ADD COLUMN per_day INTEGER",
              "ALTER TABLE credential ADD COLUMN last_client TEXT",
              """
              CREATE TABLE block (
                subject TEXT PRIMARY KEY,
                reason  TEXT NOT NULL,
                actor   TEXT NOT NULL,
                created TEXT NOT NULL,
                expires TEXT
              ) STRICT"""));

  private Migrations() {}
}
