package heddle.config;

import java.util.Optional;

/** Whether the figures are served where they can be, and where they should. */
final class MetricsChecks {
  private static final String BIND = "metrics.bind";
  private final Sheet sheet;

  MetricsChecks(Sheet sheet) {
    this.sheet = sheet;
  }

  void check(HeddleConfig config) {
    Optional<Bind> bind = config.metrics().bind();
    if (bind.isEmpty()) {
      String perUser = "metrics.per-user";
      if (config.metrics().perUser() && sheet.clean(BIND)) {
        sheet.note(sheet.placeOf(perUser), perUser, "it means nothing without \"bind\"");
      }
      return;
    }
    switch (bind.get()) {
      case Bind.Unix _ ->
          sheet.problem(
              sheet.placeOf(BIND),
              BIND,
              "figures are served at an address and a port only",
              "Write \"127.0.0.1:9464\"");
      case Bind.Tcp tcp -> {
        taken(config, tcp);
        if (!tcp.local()) {
          sheet.note(
              sheet.placeOf(BIND),
              BIND,
              "whoever reaches \"%s\" reads the figures: nobody logs in there".formatted(tcp));
        }
      }
    }
  }

  private void taken(HeddleConfig config, Bind.Tcp here) {
    config
        .listener()
        .forEach(
            (name, listener) ->
                listener.bind().stream()
                    .filter(here::collides)
                    .findFirst()
                    .ifPresent(
                        there ->
                            sheet.missing(
                                sheet.placeOf(BIND),
                                BIND,
                                "\"%s\" is taken by \"%s\" of listener %s"
                                    .formatted(here, there, Words.part(name)),
                                "")));
  }
}
