package heddle.dial;

import heddle.mail.Reply;

/**
 * Why an outgoing conversation came to nothing. Text that the other side said is cleaned of control
 * characters and cut to a length fit for a log.
 */
public sealed interface Trouble {
  /** Whether a later attempt may go better without anybody's doing. */
  boolean temporary();

  /** A few words for a log or a report. */
  String words();

  /** There is no such host, or it has no address. */
  record NoSuchName(String host) implements Trouble {
    @Override
    public boolean temporary() {
      return false;
    }

    @Override
    public String words() {
      return "there is no host " + host;
    }
  }

  /** The name servers could not say. */
  record NameUnknownNow(String host, String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "looking up " + host + ": " + why;
    }
  }

  /** No address took the connection; the words are those of the last one asked. */
  record Refused(String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return why;
    }
  }

  /** The deadline was over while we waited, for an answer or for our own words to be taken. */
  record Silent(Phase phase) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "no answer in time at " + phase.words();
    }
  }

  /** The connection ended where something was to come. */
  record HungUp(Phase phase) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "the other side hung up at " + phase.words();
    }
  }

  /** The handshake failed, and not for the certificate. */
  record TlsFailed(String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "TLS failed: " + why;
    }
  }

  /** TLS is demanded and not to be had. */
  record NoStartTls() implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "STARTTLS is not offered, and without it nothing is sent";
    }
  }

  /** Octets came in clear behind the reply to STARTTLS: somebody stands in between. */
  record Injected() implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "octets came in clear behind the reply to STARTTLS";
    }
  }

  /**
   * The certificate is not one that we trust. Temporary: certificates are renewed, trust is mended,
   * and the mail can wait for it.
   */
  record CertificateRefused(String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "certificate refused: " + why;
    }
  }

  /** Another reply than 220 on arrival. */
  record Greeting(Reply reply) implements Trouble {
    @Override
    public boolean temporary() {
      return reply.code() / 100 != 5;
    }

    @Override
    public String words() {
      return "greeted with: " + Words.brief(reply.toString());
    }
  }

  /** A command that belongs to no recipient was answered with another reply than hoped for. */
  record Declined(Phase phase, Reply reply) implements Trouble {
    @Override
    public boolean temporary() {
      return reply.code() / 100 != 5;
    }

    @Override
    public String words() {
      return "answer to " + phase.words() + ": " + Words.brief(reply.toString());
    }
  }

  /** BDAT was offered and is not known: the next conversation through the same dialer uses DATA. */
  record NoChunkingAfterAll(Reply reply) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "BDAT was offered but refused: " + Words.brief(reply.toString());
    }
  }

  /** What came is no reply. */
  record BadReply(Phase phase, String what) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "no SMTP reply to " + phase.words() + ": " + what;
    }
  }

  /** No way to log in that both sides know. */
  record NoMechanism(String offered) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return offered.isEmpty()
          ? "no login is offered"
          : "no login mechanism in common; offered: " + offered;
    }
  }

  /** A password would have to go out without TLS. */
  record PasswordInClear() implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "a password is not sent without TLS";
    }
  }

  /** The login was refused. Temporary: the site can mend its password while the mail waits. */
  record LoginRefused(Reply reply) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "login refused: " + Words.brief(reply.toString());
    }
  }

  /** The server could not prove that it knows the password (RFC 5802 §3), or would not say how. */
  record ServerUnproven(String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "the server did not prove itself at AUTH: " + why;
    }
  }

  /** We have called ourselves. Temporary: it is the site's route that has to be mended. */
  record Ourselves() implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return "the route leads back to this server";
    }
  }

  /** Our own side: the message or the password could not be read. */
  record OurSide(String why) implements Trouble {
    @Override
    public boolean temporary() {
      return true;
    }

    @Override
    public String words() {
      return why;
    }
  }
}
