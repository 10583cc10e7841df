package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.mail.Id;
import heddle.spool.QueueEntry;
import heddle.spool.RealDisk;
import heddle.spool.RecipientState;
import heddle.spool.SpoolFiles;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The verbs of {@code spool}: a look at the files of a stopped server. Nothing is written there.
 */
final class SpoolDesk {
  private final Home home;

  SpoolDesk(Home home) {
    this.home = home;
  }

  Answer ask(Request request) throws IOException {
    if (!Files.isDirectory(home.spool())) {
      return Answer.no(
          Answer.NOT_FOUND,
          "there is no spool",
          home.spool() + " does not exist: no server has run here",
          "name another home with --home");
    }
    var files = new SpoolFiles(new RealDisk(home.spool()));
    return switch (request.verb()) {
      case "spool.list" -> list(files);
      case "spool.cat" -> cat(files, request.arg("id").orElse(""));
      case "spool.export" -> export(files, Path.of(request.arg("folder").orElse("")));
      case "spool.check" -> check(files);
      default -> ServerOffice.unknown(request);
    };
  }

  private static Answer list(SpoolFiles files) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (QueueEntry entry : files.list()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", entry.id().value());
      row.put("accepted", entry.ticket().accepted().toString());
      row.put("size", entry.ticket().size());
      row.put("from", "<" + entry.ticket().envelope().sender() + ">");
      row.put("to", recipients(entry));
      row.put("held", entry.held().orElse(""));
      rows.add(row);
    }
    return Answer.rows(rows);
  }

  private static List<String> recipients(QueueEntry entry) {
    List<String> to = new ArrayList<>();
    for (int i = 0; i < entry.recipients().size(); i++) {
      RecipientState state = entry.recipients().get(i);
      if (!state.done()) {
        to.add(entry.ticket().envelope().recipients().get(i).mailbox().toString());
      }
    }
    return to;
  }

  private static Answer cat(SpoolFiles files, String typed) throws IOException {
    List<Id> meant =
        files.list().stream()
            .map(QueueEntry::id)
            .filter(
                id ->
                    typed.length() >= 5
                        && id.value().startsWith(typed.toUpperCase(java.util.Locale.ROOT)))
            .toList();
    if (meant.size() != 1) {
      return Answer.no(
          Answer.NOT_FOUND,
          meant.isEmpty() ? "there is no such message" : "more than one message begins so",
          meant.isEmpty()
              ? "an id, or its first five characters or more, names one"
              : String.join(" ", meant.stream().map(Id::value).toList()),
          "see them all with: heddle spool list");
    }
    // Not by a name such as /dev/stdout: opening that would cut off what a shell appends to.
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      files.cat(meant.getFirst(), out);
    }
    return Answer.row(Map.of("id", meant.getFirst().value()));
  }

  private static Answer export(SpoolFiles files, Path folder) throws IOException {
    int count = files.export(folder);
    return Answer.row(Map.of("messages", count, "folder", folder.toString()));
  }

  private static Answer check(SpoolFiles files) throws IOException {
    List<SpoolFiles.Finding> findings = files.check();
    if (findings.isEmpty()) {
      return Answer.rows(List.of());
    }
    List<String> lines = new ArrayList<>();
    for (SpoolFiles.Finding finding : findings) {
      lines.add(
          finding.file()
              + " at "
              + finding.at()
              + ", "
              + finding.octets()
              + " octets: "
              + finding.what());
    }
    return Answer.no(
        Answer.FAILED,
        findings.size() + " places in the spool are damaged",
        String.join("\n", lines),
        "the next start sets them aside in var/spool/damaged and keeps all that is whole");
  }
}
