package heddle.tls;

import heddle.peer.TlsInfo;
import heddle.wire.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its handshake. Used by one conversation only; {@link #cut} and {@link
 * #endLateRead} may come from any thread.
 */
public final class TlsLine implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final Socket plain;
  private final GatheringSocket wire;
  private final SSLSocket tls;
  private final TlsInfo info;
  private final In in;
  private final Out out;
  private int readTimeout;
  private @Nullable Deadline readBy;

  TlsLine(Socket plain, GatheringSocket wire, SSLSocket tls, TlsInfo info) throws IOException {
    this.plain = plain;
    this.wire = wire;
    this.tls = tls;
    this.info = info;
    this.in = new In(tls.getInputStream());
    this.out = new Out(tls.getOutputStream());
  }

  /** What the client says. A late read throws {@link java.net.SocketTimeoutException}. */
  public InputStream in() {
    return in;
  }

  /** What we say: kept until flushed, then sent as one record as far as it fits (16 KiB). */
  public OutputStream out() {
    return out;
  }

  public TlsInfo info() {
    return info;
  }

  /**
   * How long one read from {@link #in()} may take in all, however the octets of a record drip in.
   *
   * @param millis 0: for ever
   */
  public void setReadTimeout(int millis) {
    readTimeout = millis;
  }

  /** A moment by which all reads must be over, besides the timeout of each; null: none. */
  public void readBy(@Nullable Deadline deadline) {
    readBy = deadline;
  }

  /**
   * Ends a read that waits beyond its deadline: a wait of more than some seconds does not end by
   * itself. Any thread may call it.
   */
  public void endLateRead() {
    wire.endLateRead();
  }

  /** The connection below, for its addresses. Neither read nor write it. */
  public Socket socket() {
    return plain;
  }

  /** The JDK's socket, for its session and for channel binding. Neither read nor write it. */
  public SSLSocket tls() {
    return tls;
  }

  /**
   * The client's chain as it came, unjudged, its own certificate first; empty where it sent none.
   * After a resumption it is the chain of the first handshake.
   */
  public List<X509Certificate> peerChain() {
    return peerChain(tls.getSession());
  }

  static List<X509Certificate> peerChain(SSLSession session) {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (Certificate each : session.getPeerCertificates()) {
        if (each instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain;
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** Our certificate in this very handshake, or in the one that this session goes on from. */
  public Optional<X509Certificate> ourCertificate() {
    Certificate[] ours = tls.getSession().getLocalCertificates();
    return ours != null && ours.length > 0 && ours[0] instanceof X509Certificate first
        ? Optional.of(first)
        : Optional.empty();
  }

  /** Says goodbye (close_notify) if that takes no more than half a second, and closes. */
  @Override
  public void close() {
    if (plain.isClosed()) {
      return;
    }
    Future<?> curfew = Curfew.arm(plain, FAREWELL);
    wire.stopReading();
    try {
      out.flush();
      tls.close();
      plain.close();
    } catch (IOException nobodyListens) {
      cut();
    } finally {
      curfew.cancel(false);
    }
  }

  /** Ends it at once, without a word; whoever reads or writes meets an exception. */
  public void cut() {
    try {
      plain.close();
    } catch (IOException closedAllTheSame) {
      // Nobody is left to be told.
    }
  }

  private final class In extends InputStream {
    private final InputStream source;

    In(InputStream source) {
      this.source = source;
    }

    @Override
    public int read() throws IOException {
      arm();
      return source.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      arm();
      return source.read(target, offset, length);
    }

    private void arm() {
      Deadline each = readTimeout == 0 ? null : Deadline.in(Duration.ofMillis(readTimeout));
      Deadline all = readBy;
      wire.readBy(each == null ? all : all == null ? each : each.or(all));
    }

    @Override
    public int available() throws IOException {
      return source.available();
    }

    @Override
    public void close() {
      TlsLine.this.close();
    }
  }

  private final class Out extends GatheringOutput {
    Out(OutputStream sink) {
      super(sink);
    }

    @Override
    public void flush() throws IOException {
      send(); // one record for TLS to seal
      wire.send(); // what it made of it
    }

    @Override
    public void close() {
      TlsLine.this.close();
    }
  }
}
