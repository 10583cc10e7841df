package heddle.delivery;

/** Where messages go next. */
public sealed interface Route {
  /** As the configuration calls it. */
  String name();

  /** As logs and the queue call it: {@code maildir}, {@code smtp.provider.example:587}. */
  String relay();

  /** How many attempts are made at one time. */
  int width();

  /** What it is known to carry of a report. */
  default Report.Road road(boolean utf8) {
    return Report.Road.WIDE;
  }

  /** How many octets it takes. */
  default long room() {
    return Long.MAX_VALUE;
  }

  /** Nowhere yet: they wait until somebody sets another route. */
  record Hold(String name, String why) implements Route {
    @Override
    public String relay() {
      return "hold";
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /** Into a Maildir on this machine for each recipient. */
  record Maildir(String name, MaildirDelivery delivery) implements Route {
    @Override
    public String relay() {
      return "maildir";
    }

    @Override
    public int width() {
      return 16;
    }
  }

  /** To a server that takes everything. */
  record Smarthost(String name, NextHop hop) implements Route {
    @Override
    public String relay() {
      return hop.toString();
    }

    @Override
    public int width() {
      return hop.connections();
    }

    @Override
    public Report.Road road(boolean utf8) {
      return hop.road(utf8);
    }

    @Override
    public long room() {
      return hop.room();
    }
  }
}
