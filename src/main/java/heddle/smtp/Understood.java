package heddle.smtp;

import heddle.mail.Reply;

/** Part of a command: what it means, or what to answer where it means nothing. */
sealed interface Understood<T> {
  record Yes<T>(T value) implements Understood<T> {}

  record No<T>(Reply reply) implements Understood<T> {}
}
