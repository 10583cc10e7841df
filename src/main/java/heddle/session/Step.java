package heddle.session;

import heddle.mail.Reply;
import java.util.Optional;

/**
 * What came of a command.
 *
 * @param reply empty where all was said already, or nobody hears us
 * @param next where the conversation stands now
 * @param goodbye why it ends here; empty where it goes on
 */
record Step(Optional<Reply> reply, Phase next, Optional<String> goodbye) {
  static Step stay(Reply reply, Phase phase) {
    return new Step(Optional.of(reply), phase, Optional.empty());
  }

  static Step leave(Reply reply, Phase phase, String why) {
    return new Step(Optional.of(reply), phase, Optional.of(why));
  }

  static Step gone(Phase phase, String why) {
    return new Step(Optional.empty(), phase, Optional.of(why));
  }
}
