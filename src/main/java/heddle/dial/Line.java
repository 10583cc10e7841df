package heddle.dial;

import heddle.mail.Octets;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.tls.Curfew;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import heddle.wire.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing connection, in clear or under TLS. Each reading and each writing has a deadline, at
 * which the connection is closed: reading octet by octet and writing to a peer that takes nothing
 * end just the same. Used by one conversation only.
 */
public final class Line implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofMillis(500);

  /** So that the deadline is surely over where the watch has closed the connection. */
  private static final Duration MARGIN = Duration.ofMillis(5);

  private final Socket plain;
  private final RemoteAddress peer;
  private final AtomicReference<Runnable> ended;
  private InputStream in;
  private OutputStream out;
  private LineReader reader;
  private @Nullable SSLSocket tls;
  private @Nullable TlsInfo info;
  private Phase phase = Phase.GREETING;
  private @Nullable Deadline last;

  /**
   * @param ended run once, behind the end of the connection
   */
  Line(Socket plain, Runnable ended) throws IOException {
    // Otherwise a command may wait 40 ms for the acknowledgement of the one before.
    plain.setTcpNoDelay(true);
    this.plain = plain;
    this.ended = new AtomicReference<>(ended);
    this.peer = RemoteAddress.of((InetSocketAddress) plain.getRemoteSocketAddress());
    this.in = plain.getInputStream();
    this.out = plain.getOutputStream();
    this.reader = reader();
  }

  private LineReader reader() {
    InputStream source = in;
    return new LineReader((into, off, len, deadline) -> source.read(into, off, len));
  }

  /** Whom we reached. */
  public RemoteAddress peer() {
    return peer;
  }

  /** What the handshake settled; empty in clear. */
  public Optional<TlsInfo> tls() {
    return Optional.ofNullable(info);
  }

  /** The certificates that the other side has shown, its own first; empty in clear. */
  public List<X509Certificate> shown() {
    SSLSocket secured = tls;
    List<X509Certificate> shown = new ArrayList<>();
    try {
      if (secured != null) {
        for (Certificate each : secured.getSession().getPeerCertificates()) {
          if (each instanceof X509Certificate certificate) {
            shown.add(certificate);
          }
        }
      }
    } catch (SSLPeerUnverifiedException none) {
      // It has shown none.
    }
    return shown;
  }

  /** From here on troubles are said to have come at this phase. */
  public void enter(Phase next) {
    phase = next;
  }

  Phase phase() {
    return phase;
  }

  /** Whatever is waited for from here on ends by this too. */
  void until(Deadline end) {
    last = end;
  }

  private Deadline within(Deadline deadline) {
    Deadline end = last;
    return end == null ? deadline : deadline.or(end);
  }

  /**
   * The next line, or the flaw of it.
   *
   * @throws Broken where none came, or none in time
   */
  public Heard hear(int limitOctets, Deadline deadline) throws Broken {
    Heard[] heard = {new Heard.TimedOut()};
    Deadline by = within(deadline);
    guarded(by, () -> heard[0] = reader.hear(limitOctets, by));
    return switch (heard[0]) {
      case Heard.Line line -> line;
      case Heard.Flawed flawed -> flawed;
      case Heard.End end -> throw broken(new Trouble.HungUp(phase));
      case Heard.TimedOut late -> throw broken(new Trouble.Silent(phase));
    };
  }

  /** Whether octets are here that nobody has asked for yet. */
  boolean pending() {
    return reader.pending();
  }

  /** Sends text, each line of it ended by CRLF, in one write; as UTF-8. */
  public void say(String text, Deadline deadline) throws Broken {
    byte[] octets = Octets.ofUtf8(text).toArray();
    write(octets, 0, octets.length, deadline);
  }

  /** Sends octets, all of them by the deadline. */
  public void write(byte[] octets, int off, int len, Deadline deadline) throws Broken {
    guarded(
        within(deadline),
        () -> {
          out.write(octets, off, len);
          out.flush();
        });
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void guarded(Deadline deadline, Work work) throws Broken {
    Future<?> curfew = Curfew.arm(plain, deadline.left().plus(MARGIN));
    try {
      work.run();
    } catch (IOException gone) {
      throw broken(deadline.over() ? new Trouble.Silent(phase) : new Trouble.HungUp(phase));
    } finally {
      curfew.cancel(false);
    }
  }

  private Broken broken(Trouble trouble) {
    cut();
    return new Broken(trouble);
  }

  /**
   * The handshake; from here on all is under TLS. Octets that came in clear are never read on: the
   * line is cut instead.
   */
  public void startTls(Target target, Deadline deadline) throws Broken {
    phase = Phase.TLS;
    try {
      // RFC 3207 §6 and CVE-2011-0411: what came before the handshake could be another's words.
      if (reader.pending()
          || (tls == null && target.security() == Security.STARTTLS && in.available() > 0)) {
        throw broken(new Trouble.Injected());
      }
    } catch (Broken told) {
      throw told;
    } catch (IOException gone) {
      throw broken(new Trouble.HungUp(phase));
    }
    Deadline by = within(deadline);
    Future<?> curfew = Curfew.arm(plain, by.left().plus(MARGIN));
    try {
      SSLSocket secured = new ClientHandshake(target).on(plain, by);
      tls = secured;
      in = secured.getInputStream();
      out = secured.getOutputStream();
      info = ClientHandshake.info(secured, target);
    } catch (Broken told) {
      cut();
      throw told;
    } catch (IOException gone) {
      throw broken(new Trouble.TlsFailed("connection lost"));
    } finally {
      curfew.cancel(false);
    }
    reader = reader();
  }

  /** Ends it at once, without a word. */
  public void cut() {
    close(plain);
    ended.getAndSet(() -> {}).run();
  }

  boolean isCut() {
    return plain.isClosed();
  }

  /** Says goodbye by TLS if that takes no more than half a second, and closes. */
  @Override
  public void close() {
    SSLSocket secured = tls;
    if (secured != null && !plain.isClosed()) {
      Future<?> curfew = Curfew.arm(plain, FAREWELL);
      close(secured);
      curfew.cancel(false);
    }
    cut();
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAllTheSame) {
      // Nobody is left to be told.
    }
  }
}
