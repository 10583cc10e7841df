package heddle.session;

import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.tls.Handshake;
import heddle.tls.TlsLine;
import heddle.wire.Deadline;
import heddle.wire.TimedInput;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket, in clear or under TLS. Used by one conversation; only {@link #overdue}, {@link
 * #endLateRead} and {@link #abort} may be called by others, at any time.
 */
public final class Transport implements AutoCloseable {
  /** How long a client may take to accept what we say. A blocking write knows no time limit. */
  private static final Duration WRITE = Duration.ofMinutes(2);

  private static final int LINGER_MILLIS = 250;

  private final Socket socket;
  private final Ends ends;

  /** What a proxy has told of its client since. */
  private volatile @Nullable Ends told;

  private final TimedInput clear;
  private OutputStream out;
  private volatile @Nullable TlsLine tls;

  /** By when a read, or a handshake, must be over, whatever it has to write. */
  private volatile @Nullable Deadline writing;

  /** By when a write must be over. */
  private volatile @Nullable Deadline saying;

  public Transport(Socket socket, Ends ends) throws IOException {
    this.socket = socket;
    this.ends = ends;
    // Otherwise the reply to each command may wait 40 ms for the acknowledgement of the one before.
    socket.setTcpNoDelay(true);
    this.clear = new TimedInput(socket);
    this.out = socket.getOutputStream();
  }

  public RemoteAddress client() {
    return ends().client();
  }

  RemoteAddress server() {
    return ends().server();
  }

  Ends ends() {
    Ends now = told;
    return now == null ? ends : now;
  }

  /** The ends before anybody told otherwise by XCLIENT. */
  Ends arrived() {
    return ends;
  }

  /** From now on these are the ends; null: those that there were at first. */
  void tell(@Nullable Ends ends) {
    told = ends;
  }

  public Optional<TlsInfo> tls() {
    return Optional.ofNullable(tls).map(TlsLine::info);
  }

  /**
   * What the line itself tells of the client. Behind a proxy that speaks for another it tells of
   * the proxy: nobody may log in by the proxy's certificate, its user or its TLS.
   */
  Presence presence() {
    return told == null
        ? new Presence(tls(), ends.unix())
        : new Presence(tls().map(TlsInfo::withoutPeer), Optional.empty());
  }

  /** The handshake; from here on all octets are under TLS. */
  public TlsInfo upgrade(Handshake handshake, boolean startTls, Deadline deadline)
      throws IOException {
    writing = deadline.plus(WRITE);
    TlsLine line = handshake.accept(socket, startTls, deadline);
    writing = null;
    // RFC 3207 §4.2: what a proxy told in clear is forgotten like all the rest.
    told = null;
    tls = line;
    out = line.out();
    return line.info();
  }

  int read(byte[] into, int off, int len, Deadline deadline) throws IOException {
    TlsLine line = tls;
    if (line == null) {
      return clear.read(into, off, len, deadline);
    }
    line.setReadTimeout(deadline.millisLeft());
    // Reading TLS may write too: a client that asks for new keys and reads no answers would hold
    // us.
    writing = deadline.plus(WRITE);
    try {
      return line.in().read(into, off, len);
    } finally {
      writing = null;
    }
  }

  void write(byte[] octets, int off, int len) throws IOException {
    saying = Deadline.in(WRITE);
    try {
      out.write(octets, off, len);
      out.flush();
    } finally {
      saying = null;
    }
  }

  /** Says a reply at once; for those who get no conversation. */
  public void sayLast(Reply reply) throws IOException {
    byte[] octets = reply.wire().getBytes(StandardCharsets.UTF_8);
    write(octets, 0, octets.length);
  }

  /** Whether a write has been waiting for the client for too long. */
  public boolean overdue() {
    Deadline hearing = writing;
    Deadline speaking = saying;
    return hearing != null && hearing.over() || speaking != null && speaking.over();
  }

  /** Ends a read that waits beyond its deadline; it is told so, as by a time limit of its own. */
  public void endLateRead() {
    TlsLine line = tls;
    if (line == null) {
      clear.endIfLate();
    } else {
      line.endLateRead();
    }
  }

  /** Ends the connection under the feet of whoever reads or writes. */
  public void abort() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Gone is what was wanted.
    }
  }

  /**
   * Reads over what the client had sent already: with octets unread the kernel would reset the
   * connection, and our last reply could be lost with it.
   */
  private void linger() {
    try {
      socket.shutdownOutput();
      socket.setSoTimeout(LINGER_MILLIS);
      byte[] ignored = new byte[4096];
      Deadline enough = Deadline.in(Duration.ofMillis(2 * LINGER_MILLIS));
      while (!enough.over() && socket.getInputStream().read(ignored) >= 0) {
        // Nobody wants it.
      }
    } catch (IOException gone) {
      // Then there is nobody to lose a reply.
    }
  }

  /** Says good-bye by TLS where that does not wait, and closes. */
  @Override
  public void close() {
    TlsLine line = tls;
    if (line == null) {
      linger();
      abort();
    } else {
      line.close();
      abort();
    }
  }
}
