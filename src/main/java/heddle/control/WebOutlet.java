package heddle.control;

import java.io.IOException;
import java.net.URI;

/** A web service that takes each alert as a JSON object. */
public final class WebOutlet implements Outlet {
  private final Web web;
  private final URI url;

  /**
   * @param web the caller's, to be closed
   */
  public WebOutlet(Web web, URI url) {
    this.web = web;
    this.url = url;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public void send(Alert alert) throws IOException, InterruptedException {
    web.post(url, alert.json());
  }
}
