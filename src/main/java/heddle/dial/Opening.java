package heddle.dial;

import heddle.mail.Reply;
import heddle.wire.Deadline;

/** The beginning of a conversation: greeting, EHLO, STARTTLS, login. Used for one. */
final class Opening {
  private final Target target;
  private final Manner manner;
  private final Talk talk;

  Opening(Line line, Target target, Manner manner) {
    this.target = target;
    this.manner = manner;
    this.talk = new Talk(line, manner.patience());
  }

  Talk talk() {
    return talk;
  }

  /**
   * @param deadline for the greeting
   * @return what the other side offers, asked for under TLS where there is any
   */
  Extensions begin(Deadline deadline) throws Broken {
    Reply greeting = talk.hear(Phase.GREETING, deadline);
    if (greeting.code() != 220) {
      throw new Broken(new Trouble.Greeting(greeting));
    }
    Extensions extensions = hello(greeting);
    if (target.security() == Security.STARTTLS
        && (extensions.has("STARTTLS") || !maySpeakInClear())) {
      startTls(extensions);
      // RFC 3207 §4.2: "The client MUST discard any knowledge obtained from the server".
      extensions = hello(greeting);
    }
    new LoginDialogue(talk, manner.credentials()).run(extensions, mayLogInInClear());
    return extensions;
  }

  private boolean maySpeakInClear() {
    return switch (manner.clear()) {
      case AS_ASKED -> false;
      case TO_OURSELVES -> isLocal();
      case TO_ANYBODY -> true;
    };
  }

  private boolean mayLogInInClear() {
    return isLocal() || manner.clear() == Manner.Clear.TO_ANYBODY;
  }

  private boolean isLocal() {
    return talk.line().peer().address().isLoopbackAddress();
  }

  private Extensions hello(Reply greeting) throws Broken {
    Reply reply = talk.ask(Phase.EHLO, "EHLO " + manner.hello());
    Extensions extensions;
    if (reply.code() == 250) {
      extensions = Extensions.of(reply);
    } else if (mayFallBack() && reply.code() / 100 == 5 && !talk.over()) {
      // RFC 5321 §3.2: a client "may fall back to ... HELO"; nothing it needs is lost by that.
      Reply old = talk.ask(Phase.EHLO, "HELO " + manner.hello());
      if (old.code() != 250) {
        throw new Broken(new Trouble.Declined(Phase.EHLO, old));
      }
      extensions = Extensions.NONE;
    } else {
      throw new Broken(new Trouble.Declined(Phase.EHLO, reply));
    }
    if (manner.ourselves().test(new Manner.Hello(greeting, extensions))) {
      throw new Broken(new Trouble.Ourselves());
    }
    return extensions;
  }

  private boolean mayFallBack() {
    return target.security() == Security.NONE && manner.credentials() instanceof Credentials.None;
  }

  private void startTls(Extensions extensions) throws Broken {
    if (!extensions.has("STARTTLS")) {
      throw new Broken(new Trouble.NoStartTls());
    }
    Reply reply = talk.ask(Phase.STARTTLS, "STARTTLS");
    if (reply.code() != 220) {
      throw new Broken(new Trouble.Declined(Phase.STARTTLS, reply));
    }
    talk.line().startTls(target, Deadline.in(manner.patience().opening()));
  }
}
