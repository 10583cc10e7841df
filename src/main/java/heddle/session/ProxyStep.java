package heddle.session;

import heddle.hook.ProxyCommand;
import heddle.hook.ProxyDecision;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.scripting.Outcome;
import heddle.smtp.Command;
import heddle.smtp.CommandParser;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import java.io.IOException;
import java.util.Optional;

/** The site's proxy hook before every command line. Used by one conversation. */
final class ProxyStep {
  private final Surroundings around;
  private final Manners manners;
  private final Sight sight;
  private final CommandParser parser;
  private final Transcript transcript;
  private boolean wantsNext;

  /** What becomes of a line. */
  sealed interface Word {
    /** The server goes on with this line. */
    record On(Octets line) implements Word {}

    /**
     * The hook has answered.
     *
     * @param chunk whose octets follow all the same (RFC 3030 §2)
     */
    record Answered(Reply reply, boolean bye, Optional<Command.Bdat> chunk) implements Word {
      Step step(Phase phase, DataDialogue data) throws IOException {
        Step step = bye ? Step.leave(reply, phase, "proxy") : Step.stay(reply, phase);
        return chunk.isPresent() && !bye ? data.skip(chunk.get(), step) : step;
      }
    }
  }

  ProxyStep(Surroundings around, Manners manners, Sight sight, Transcript transcript) {
    this.around = around;
    this.manners = manners;
    this.sight = sight;
    this.transcript = transcript;
    this.parser = new CommandParser(around.hostname());
  }

  Word hear(Octets line) throws IOException {
    Optional<String> hook = manners.proxy();
    wantsNext = false;
    if (hook.isEmpty()) {
      return new Word.On(line);
    }
    var command = new ProxyCommand(line, sight.connection(), sight.transaction());
    try {
      Word word = ask(hook.get(), command, line);
      mark(hook.get(), word, line);
      return word;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    }
  }

  /** What the hook changed, for whoever reads the transcript. */
  private void mark(String hook, Word word, Octets line) {
    switch (word) {
      case Word.On on when on.line().equals(line) -> {}
      case Word.On _ -> transcript.note("hook/" + hook + " puts another line in its place");
      case Word.Answered _ -> {
        transcript.heard(parser.parse(line), line);
        transcript.note("hook/" + hook + " answers");
      }
    }
  }

  private Word ask(String hook, ProxyCommand command, Octets line) throws InterruptedException {
    return switch (around.hooks().generation().proxy(hook, command)) {
      case Outcome.Failed<ProxyDecision> _ -> failed();
      case Outcome.Said<ProxyDecision>(var words) ->
          words.map(said -> word(said, line)).orElse(new Word.On(line));
    };
  }

  private Word word(ProxyDecision said, Octets line) {
    wantsNext = said.wantsNext();
    Optional<Command.Bdat> chunk =
        parser.parse(line) instanceof Command.Bdat bdat ? Optional.of(bdat) : Optional.empty();
    return switch (said) {
      // The octets of a chunk follow; under another command they would be commands themselves.
      case ProxyDecision.Pass pass when pass.line().isPresent() && chunk.isPresent() ->
          pass.line().get().equals(line) ? new Word.On(line) : failed();
      case ProxyDecision.Pass pass -> new Word.On(pass.line().orElse(line));
      case ProxyDecision.Answer answer ->
          answer.inStep() ? new Word.Answered(answer.reply(), answer.closes(), chunk) : failed();
    };
  }

  private static Word failed() {
    return new Word.Answered(Replies.HOOK_FAILED, true, Optional.empty());
  }

  /**
   * Hears a line of a login: where the hook has asked for the next one it comes first, and what it
   * answers itself the dialogue never hears of.
   */
  Heard hear(Line line, int limit, Deadline deadline) throws IOException {
    while (true) {
      Heard heard = line.hear(limit, deadline);
      if (!wantsNext || !(heard instanceof Heard.Line words)) {
        return heard;
      }
      switch (hear(words.octets())) {
        case Word.On on -> {
          return new Heard.Line(on.line());
        }
        case Word.Answered answered -> {
          line.say(answered.reply());
          if (answered.bye()) {
            line.flush();
            return new Heard.End();
          }
        }
      }
    }
  }
}
