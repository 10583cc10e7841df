package heddle.talks;

/** The documents whose every row has a test; the order is that of the page. */
enum Seed {
  AUTH("000: Halon, the AUTH context"),
  PROXY("002: Halon, the proxy script"),
  SASL("003: Halon, a SASL mechanism of one's own"),
  PLAIN("004: KumoMTA, smtp_server_auth_plain");

  private final String heading;

  Seed(String heading) {
    this.heading = heading;
  }

  String heading() {
    return "## " + heading;
  }
}
