package heddle.session;

import heddle.sasl.Identity;

/** In whose name a session may send. */
sealed interface Sender {
  /** In what right, as the log says it. */
  default String kind() {
    return switch (this) {
      case LoggedIn _ -> "login";
      case Device _ -> "device";
      case Guest _ -> "guest";
    };
  }

  /** Somebody who logged in. */
  record LoggedIn(Identity who) implements Sender {}

  /** A machine whose network is its credential; somebody there may log in all the same. */
  record Device(Identity who) implements Sender {}

  /** Nobody in particular; only where {@code require} is false for this session. */
  record Guest() implements Sender {}
}
