package heddle.app;

import java.nio.file.Path;

/** The folders and files below one home. */
public record Home(Path root) {
  public Home {
    root = root.toAbsolutePath().normalize();
  }

  public Path etc() {
    return root.resolve("etc");
  }

  public Path config() {
    return etc().resolve("heddle.toml");
  }

  public Path var() {
    return root.resolve("var");
  }

  public Path spool() {
    return var().resolve("spool");
  }

  public Path database() {
    return var().resolve("heddle.db");
  }

  /** What happened. */
  public Path history() {
    return var().resolve("events.db");
  }

  public Path storeKey() {
    return var().resolve("store.key");
  }

  /** Where certificates of our own making lie. */
  public Path tls() {
    return var().resolve("tls");
  }

  /** What was compiled last of the site's hooks. */
  public Path hooks() {
    return var().resolve("hooks");
  }

  /** When the last backup was whole. */
  public Path lastBackup() {
    return var().resolve("last-backup");
  }

  /** What the doctor has shown and told. */
  public Path doctor() {
    return var().resolve("doctor.json");
  }

  public Path lock() {
    return var().resolve("lock");
  }

  public Path control() {
    return root.resolve("run").resolve("control");
  }

  /** For looking only. */
  public Path status() {
    return root.resolve("run").resolve("status");
  }

  /** A path as the configuration gives it: below the home, or absolute. */
  public Path resolve(String path) {
    return root.resolve(path);
  }

  /** A file of the configuration: below etc where it lies there, else below the home. */
  public Path inEtc(String path) {
    return etc().resolve(path);
  }
}
