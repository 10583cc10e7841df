package heddle.remote;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import heddle.dial.Broken;
import heddle.dial.ClientTls;
import heddle.dial.Dialer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.mail.Secret;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to a directory server, passwords welcome. Safe to share. */
final class LdapLines {
  private static final int LONGEST_ANSWER = 1024 * 1024;

  private final Target target;
  private final boolean allowPlaintext;
  private final Dialer dialer;
  private final ClientTls tls;
  private final SSLSocketFactory layering;

  LdapLines(LdapSettings settings, Dialer dialer) {
    this.target = settings.target();
    this.allowPlaintext = settings.allowPlaintext();
    this.dialer = dialer;
    this.tls = ClientTls.of(target.trust(), target.ourKey());
    this.layering = tls.layering(target.host());
  }

  /** A connection. Used by one question at a time. */
  record Line(LDAPConnection connection, Socket socket) implements Kept.Connection {
    @Override
    public void close() {
      try (Watch _ = Watch.farewell(socket)) {
        connection.close();
      }
      Watch.cut(socket);
    }
  }

  /** A new one, on which a password may be sent. */
  Line open(Deadline deadline) throws NoAnswer {
    Socket socket;
    try {
      socket = dialer.socket(target, deadline);
    } catch (Broken broken) {
      throw new NoAnswer(broken.trouble().words());
    }
    boolean open = false;
    try (Watch _ = Watch.over(socket, deadline)) {
      Line line = new Line(connected(socket, deadline), socket);
      secure(line);
      open = true;
      return line;
    } catch (LDAPException trouble) {
      throw words(trouble, deadline, "connecting");
    } finally {
      if (!open) {
        Watch.cut(socket);
      }
    }
  }

  private LDAPConnection connected(Socket socket, Deadline deadline) throws LDAPException {
    var options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true);
    options.setFollowReferrals(false);
    options.setMaxMessageSize(LONGEST_ANSWER);
    // The watch ends what lasts too long; the library would count each answer anew.
    options.setResponseTimeoutMillis(0);
    options.setAbandonOnTimeout(false);
    boolean implicit = target.security() == Security.IMPLICIT;
    var connection = new LDAPConnection(new There(socket, implicit ? layering : null), options);
    connection.connect(
        target.host(), socket.getInetAddress(), target.port(), deadline.millisLeft());
    return connection;
  }

  private void secure(Line line) throws NoAnswer, LDAPException {
    boolean secured =
        switch (target.security()) {
          case IMPLICIT -> true;
          case STARTTLS -> startTls(line);
          case NONE -> false;
        };
    if (!secured && !Clear.mayGo(line.socket().getInetAddress(), allowPlaintext)) {
      throw Clear.refused();
    }
  }

  /** Whether the server knows TLS; where it does and TLS fails, nothing goes on in clear. */
  private boolean startTls(Line line) throws LDAPException {
    try {
      ExtendedResult answer =
          line.connection().processExtendedOperation(new StartTLSExtendedRequest(layering));
      return answer.getResultCode().equals(ResultCode.SUCCESS);
    } catch (LDAPException trouble) {
      if (trouble.getResultCode().isClientSideResultCode()) {
        throw trouble;
      }
      return false;
    }
  }

  /** Binds, and what came of it; an exception only where nothing came. */
  LDAPResult bind(Line line, String dn, Secret password, Control... controls) throws LDAPException {
    // RFC 4513 §5.1.2: with an empty password many servers say yes, and mean that they asked for
    // none.
    if (password.isEmpty() || dn.isEmpty()) {
      throw new IllegalArgumentException("a bind without a name or a password proves nothing");
    }
    byte[] copy = password.use(byte[]::clone);
    try {
      return line.connection().bind(new SimpleBindRequest(dn, copy, controls));
    } catch (LDAPException refused) {
      if (refused.getResultCode().isClientSideResultCode()) {
        throw refused;
      }
      return refused.toLDAPResult();
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** Logs in as the service user, on a line that came from {@link #open}. */
  void login(Line line, Optional<ServiceLogin> service, Deadline deadline) throws NoAnswer {
    if (service.isEmpty()) {
      return;
    }
    try (Watch _ = Watch.over(line.socket(), deadline);
        Secret password = service.get().password().open()) {
      if (password.isEmpty()) {
        throw new NoAnswer("the password of our own user is empty");
      }
      LDAPResult answer = bind(line, service.get().user(), password);
      if (!answer.getResultCode().equals(ResultCode.SUCCESS)) {
        throw new NoAnswer(
            "our own user is refused: " + LdapVerdicts.words(answer.getResultCode()));
      }
    } catch (LDAPException trouble) {
      throw words(trouble, deadline, "our own login");
    } catch (NoAnswer told) {
      throw told;
    } catch (IOException unreadable) {
      throw new NoAnswer("the password of our own user cannot be read");
    }
  }

  /**
   * @param at what was being done
   */
  NoAnswer words(LDAPException trouble, Deadline deadline, String at) {
    ResultCode code = trouble.getResultCode();
    return new NoAnswer(
        Words.of(trouble, tls, deadline, at)
            .orElseGet(
                () ->
                    code.isClientSideResultCode()
                        ? code.equals(ResultCode.DECODING_ERROR)
                            ? "what came at " + at + " is no LDAP"
                            : "the other side hung up at " + at
                        : "answer to " + at + ": " + LdapVerdicts.words(code)));
  }

  /** Hands over a connection that is there. */
  private static final class There extends SocketFactory {
    private final Socket socket;
    private final @Nullable SSLSocketFactory implicit;

    There(Socket socket, @Nullable SSLSocketFactory implicit) {
      this.socket = socket;
      this.implicit = implicit;
    }

    @Override
    public Socket createSocket(InetAddress to, int port) throws IOException {
      return implicit == null ? socket : implicit.createSocket(socket, "", port, true);
    }

    @Override
    public Socket createSocket(String to, int port) throws IOException {
      return createSocket(socket.getInetAddress(), port);
    }

    @Override
    public Socket createSocket(String to, int port, InetAddress from, int local)
        throws IOException {
      return createSocket(socket.getInetAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress to, int port, InetAddress from, int local)
        throws IOException {
      return createSocket(socket.getInetAddress(), port);
    }
  }
}
