package heddle.talks;

/** The documents whose every row has a test; the order is that of the page. */
enum Seed {
  AUTH("000: Halon, the AUTH context"),
  STAGE("001: Stalwart, the AUTH stage"),
  PROXY("002: Halon, the proxy script"),
  LOOKUPS("003: Halon, where a name and a password are looked up"),
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
