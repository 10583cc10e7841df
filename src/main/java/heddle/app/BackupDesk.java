package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.spool.RealDisk;
import heddle.spool.Settings;
import heddle.spool.Spool;
import heddle.store.Accounts;
import heddle.store.History;
import heddle.store.StoreRefused;
import heddle.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The verbs of {@code backup}. One is made at a time; who asks meanwhile is told to ask again. */
final class BackupDesk {
  /** Less than whoever asks through the control socket waits. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private final Backup backup;
  private CompletableFuture<Answer> under =
      CompletableFuture.completedFuture(
          Answer.no(Answer.NOT_FOUND, "no backup was asked for", "", ""));

  private BackupDesk(Backup backup) {
    this.backup = backup;
  }

  /** Of a server, while it serves. */
  static BackupDesk running(Heddle heddle) {
    var parts =
        new Backup.Parts() {
          @Override
          public void accounts(Path to) throws IOException {
            copy(() -> heddle.books().accounts().copyTo(to));
          }

          @Override
          public void history(Path to) throws IOException {
            copy(() -> heddle.history().copyTo(to));
          }

          @Override
          public void retireJournal() throws IOException {
            heddle.spool().retireAll();
          }
        };
    return new BackupDesk(new Backup(heddle.home(), parts, heddle.clock()));
  }

  /** Of a home whose lock we hold. */
  static BackupDesk stopped(Home home) {
    InstantSource clock = InstantSource.system();
    var parts =
        new Backup.Parts() {
          @Override
          public void accounts(Path to) throws IOException {
            copy(
                () -> {
                  try (Accounts accounts = Accounts.open(home.database(), clock)) {
                    accounts.copyTo(to);
                  }
                });
          }

          @Override
          public void history(Path to) throws IOException {
            copy(
                () -> {
                  try (History history = History.open(home.history(), clock, History.Keep.ALL)) {
                    history.copyTo(to);
                  }
                });
          }

          @Override
          public void retireJournal() throws IOException {
            if (Files.isDirectory(home.spool())) {
              try (Spool spool =
                  Spool.open(new RealDisk(home.spool()), Settings.DEFAULT, _ -> {}, clock)) {
                spool.retireAll();
              }
            }
          }
        };
    return new BackupDesk(new Backup(home, parts, clock));
  }

  @FunctionalInterface
  private interface Copying {
    void done() throws StoreUnavailable, StoreRefused;
  }

  private static void copy(Copying copying) throws IOException {
    try {
      copying.done();
    } catch (StoreUnavailable | StoreRefused trouble) {
      throw new IOException(trouble.getMessage(), trouble);
    }
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    return switch (request.verb()) {
      case "backup.create" -> Optional.of(create(request));
      case "backup.state" -> Optional.of(state());
      default -> Optional.empty();
    };
  }

  private Answer create(Request request) {
    Path folder = Path.of(request.arg("folder").orElse(""));
    if (!folder.isAbsolute() || folder.getParent() == null) {
      return no(Answer.USAGE, "a whole path is needed", "name a folder that does not exist yet");
    }
    if (Files.exists(folder)) {
      return no(Answer.REFUSED, folder + " exists", "name a folder that does not exist yet");
    }
    if (!Files.isDirectory(folder.getParent())) {
      return no(Answer.NOT_FOUND, folder.getParent() + " is no folder", "make it first");
    }
    synchronized (this) {
      if (!under.isDone()) {
        return no(Answer.REFUSED, "another one is being made", "wait for it");
      }
      var coming = new CompletableFuture<Answer>();
      under = coming;
      // Of its own: whoever asked may hang up, and a file is copied with its carrier held.
      Thread.ofPlatform().name("backup").daemon(true).start(() -> coming.complete(made(folder)));
    }
    return state();
  }

  private static Answer no(int exit, String why, String remedy) {
    return Answer.no(exit, "no backup was made", why, remedy);
  }

  private Answer made(Path folder) {
    try {
      Backup.Made made = backup.create(folder);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("state", "done");
      row.put("folder", made.folder().toString());
      row.put("files", made.files());
      row.put("octets", made.octets());
      row.put("messages", made.messages());
      return Answer.row(row);
    } catch (IOException | RuntimeException trouble) {
      return no(
          Answer.FAILED,
          String.valueOf(trouble.getMessage()),
          "see that the server's user may write there, and that the disk has room");
    }
  }

  /** What came of it; a row without a folder while it is being made. */
  private Answer state() {
    CompletableFuture<Answer> now;
    synchronized (this) {
      now = under;
    }
    try {
      return now.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillAtIt) {
      return Answer.row(Map.of("state", "running"));
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Answer.row(Map.of("state", "running"));
    }
  }

  /** Needs neither a server nor a home. */
  static Answer verify(Request request) {
    Path folder = Path.of(request.arg("folder").orElse(""));
    try {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("folder", folder.toString());
      row.putAll(new BackupReading(folder).verify());
      return Answer.row(row);
    } catch (BackupReading.Bad bad) {
      return Answer.no(
          Answer.FAILED,
          folder + " cannot be relied on",
          String.valueOf(bad.getMessage()),
          "make another: heddle backup create FOLDER");
    } catch (IOException trouble) {
      return Answer.no(
          Answer.FAILED,
          folder + " cannot be read",
          String.valueOf(trouble.getMessage()),
          "look at its owner and mode, whose you are, and the room in the temporary files");
    }
  }
}
