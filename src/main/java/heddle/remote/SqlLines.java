package heddle.remote;

import heddle.dial.Broken;
import heddle.dial.ClientTls;
import heddle.dial.Dialer;
import heddle.dial.Security;
import heddle.mail.Secret;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to a PostgreSQL database. Safe to share. */
final class SqlLines {
  private final SqlSettings settings;
  private final Dialer dialer;
  private final ClientTls tls;
  private final SSLSocketFactory layering;

  SqlLines(SqlSettings settings, Dialer dialer) {
    this.settings = settings;
    this.dialer = dialer;
    this.tls = ClientTls.of(settings.target().trust(), settings.target().ourKey());
    this.layering = tls.layering(settings.target().host());
  }

  /** A connection. Used by one question at a time. */
  record Line(Connection connection, Socket socket) implements Kept.Connection {
    @Override
    public void close() {
      try (Watch _ = Watch.farewell(socket)) {
        connection.close();
      } catch (SQLException closedAllTheSame) {
        // Nobody is left to be told.
      }
      Watch.cut(socket);
    }
  }

  /** A new one, logged in, good for reading only. */
  Line open(Deadline deadline) throws NoAnswer {
    Socket socket;
    try {
      socket = dialer.socket(settings.target(), deadline);
    } catch (Broken broken) {
      throw new NoAnswer(broken.trouble().words());
    }
    boolean open = false;
    try (Watch _ = Watch.over(socket, deadline);
        Secret password = settings.service().password().open()) {
      Properties properties = properties(sslMode(socket), password);
      var call = new SqlSocketFactory.Call(socket, layering);
      Connection connection =
          ScopedValue.where(SqlSocketFactory.CALL, call)
              .call(() -> DriverManager.getConnection(url(), properties));
      limit(connection);
      open = true;
      return new Line(connection, socket);
    } catch (SQLException trouble) {
      throw words(trouble, deadline, "connecting");
    } catch (NoAnswer told) {
      throw told;
    } catch (IOException unreadable) {
      throw new NoAnswer("the password of our own user cannot be read");
    } finally {
      if (!open) {
        Watch.cut(socket);
      }
    }
  }

  private String sslMode(Socket socket) throws NoAnswer {
    boolean clear = Clear.mayGo(socket.getInetAddress(), settings.allowPlaintext());
    return switch (settings.target().security()) {
      case IMPLICIT -> "require";
      case STARTTLS -> clear ? "prefer" : "require";
      case NONE -> {
        if (!clear) {
          throw Clear.refused();
        }
        yield "disable";
      }
    };
  }

  private String url() {
    String host = settings.target().host();
    return "jdbc:postgresql://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + settings.target().port()
        + "/"
        + URLEncoder.encode(settings.database(), StandardCharsets.UTF_8);
  }

  private Properties properties(String sslMode, Secret password) {
    var properties = new Properties();
    properties.setProperty("user", settings.service().user());
    properties.setProperty(
        "password", password.use(octets -> new String(octets, StandardCharsets.UTF_8)));
    properties.setProperty("ApplicationName", "heddle");
    properties.setProperty("socketFactory", SqlSocketFactory.class.getName());
    properties.setProperty("sslfactory", SqlTlsFactory.class.getName());
    properties.setProperty("sslmode", sslMode);
    if (settings.target().security() == Security.IMPLICIT) {
      properties.setProperty("sslNegotiation", "direct");
    }
    properties.setProperty("gssEncMode", "disable");
    // The watch ends what lasts too long; these would begin anew with each octet, or on a thread
    // of their own.
    properties.setProperty("loginTimeout", "0");
    properties.setProperty("socketTimeout", "0");
    properties.setProperty("sslResponseTimeout", "0");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("readOnly", "true");
    properties.setProperty("readOnlyMode", "always");
    // What a value is depends on what it is compared with, as if it stood in quotes.
    properties.setProperty("stringtype", "unspecified");
    // A plan that is kept fails when the table is altered, and behind some poolers at once.
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("maxResultBuffer", "1M");
    properties.setProperty("logServerErrorDetail", "false");
    return properties;
  }

  /** So that a query does not go on for nobody when we have given it up. */
  private void limit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long millis = Math.clamp(settings.timeout().toMillis(), 1, Integer.MAX_VALUE);
      statement.execute("SET statement_timeout = " + millis);
    }
  }

  /** Whether the connection is at fault, and not the question. */
  static boolean dead(SQLException trouble) {
    @Nullable String state = trouble.getSQLState();
    // Class 08: connection; 57P01 to 57P03: the server stops or starts.
    return state == null || state.startsWith("08") || state.startsWith("57P0");
  }

  /**
   * By the SQLSTATE alone: the words of the database quote values.
   *
   * @param at what was being done
   */
  NoAnswer words(SQLException trouble, Deadline deadline, String at) {
    String state = String.valueOf(trouble.getSQLState()).replaceAll("[^0-9A-Z]", "");
    String told =
        switch (state.length() < 2 ? "" : state.substring(0, 2)) {
          case "08" -> "the connection failed at " + at;
          case "28" -> "our own user is refused";
          case "3D" -> "there is no such database";
          case "42" -> "the query is wrong, or may not be asked";
          case "53" -> "the database is out of resources";
          case "57" -> "the database stopped at " + at;
          default -> "trouble at " + at;
        };
    return new NoAnswer(
        Words.of(trouble, tls, deadline, at).orElse(told + " (SQLSTATE " + state + ")"));
  }
}
