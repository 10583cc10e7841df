package heddle.real;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The clients that people have, and one that knows BDAT, over implicit TLS. */
enum Clients {
  SWAKS {
    @Override
    Letter send(ServerProcess server, Letter letter, String to) throws Exception {
      Path file = file(letter);
      Tools.feed(
          file,
          "swaks",
          "--server",
          "127.0.0.1",
          "--port",
          "" + server.port("submissions"),
          "--tls-on-connect",
          "--auth",
          "PLAIN",
          "--auth-user",
          ServerProcess.USER,
          "--auth-password",
          ServerProcess.PASSWORD,
          "--from",
          ServerProcess.USER,
          "--to",
          to,
          "--helo",
          "client.example.org",
          "--suppress-data",
          "--data",
          "@" + file);
      Files.delete(file);
      // swaks ends a message with an empty line of its own.
      return letter.andBehind("\r\n");
    }
  },
  MSMTP {
    @Override
    Letter send(ServerProcess server, Letter letter, String to) throws Exception {
      Path file = file(letter);
      Tools.feed(
          file,
          "msmtp",
          "--host=localhost",
          "--port=" + server.port("submissions"),
          "--tls=on",
          "--tls-starttls=off",
          "--tls-trust-file=" + server.certificate(),
          "--auth=plain",
          "--user=" + ServerProcess.USER,
          "--passwordeval=echo '" + ServerProcess.PASSWORD + "'",
          "--from=" + ServerProcess.USER,
          "--domain=client.example.org",
          // The Bcc is for the server to take out.
          "--remove-bcc-headers=off",
          to);
      Files.delete(file);
      return letter;
    }
  },
  CURL {
    @Override
    Letter send(ServerProcess server, Letter letter, String to) throws Exception {
      Path file = file(letter);
      Tools.feed(
          file,
          "curl",
          "-sS",
          "--cacert",
          server.certificate().toString(),
          "--url",
          "smtps://localhost:" + server.port("submissions"),
          "--user",
          ServerProcess.USER + ":" + ServerProcess.PASSWORD,
          "--mail-from",
          ServerProcess.USER,
          "--mail-rcpt",
          to,
          "--upload-file",
          "-");
      Files.delete(file);
      return letter;
    }
  },
  BY_DATA {
    @Override
    Letter send(ServerProcess server, Letter letter, String to) throws Exception {
      try (Client client = new Client(server.port("submissions")).login()) {
        envelope(client, to);
        client.command("DATA", 354);
        client.write(letter.stuffed());
        client.write(".\r\n");
        client.expect(250);
      }
      return letter;
    }
  },
  BY_BDAT {
    @Override
    Letter send(ServerProcess server, Letter letter, String to) throws Exception {
      try (Client client = new Client(server.port("submissions")).login()) {
        envelope(client, to);
        // In three chunks, cut without regard to lines.
        byte[] text = letter.sent();
        int third = text.length / 3;
        chunk(client, Arrays.copyOf(text, third), "");
        chunk(client, Arrays.copyOfRange(text, third, 2 * third + 1), "");
        chunk(client, Arrays.copyOfRange(text, 2 * third + 1, text.length), " LAST");
      }
      return letter;
    }
  };

  /**
   * @return the letter as this client makes it
   */
  abstract Letter send(ServerProcess server, Letter letter, String to) throws Exception;

  private static void envelope(Client client, String to) throws Exception {
    boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(to);
    client.command(
        "MAIL FROM:<" + ServerProcess.USER + "> BODY=8BITMIME" + (ascii ? "" : " SMTPUTF8"), 250);
    client.command("RCPT TO:<" + to + ">", 250);
  }

  private static void chunk(Client client, byte[] octets, String last) throws Exception {
    client.write("BDAT " + octets.length + last + "\r\n");
    client.write(octets);
    client.expect(250);
  }

  private static Path file(Letter letter) throws Exception {
    Path file = Files.createTempFile("letter", ".eml");
    return Files.write(file, letter.sent());
  }
}
