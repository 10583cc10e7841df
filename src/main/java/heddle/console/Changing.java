package heddle.console;

import picocli.CommandLine.Option;

/** The options of every command that changes something. */
final class Changing {
  @Option(names = "--dry-run", description = "Say what would happen, and change nothing.")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;
}
