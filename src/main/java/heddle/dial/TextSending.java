package heddle.dial;

import heddle.mail.Reply;
import heddle.wire.Deadline;
import heddle.wire.DotWriter;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The text of a message by DATA or by BDAT. Used for one message. */
final class TextSending {
  private static final int BLOCK = 32 * 1024;
  private static final int CHUNK = 256 * 1024;
  private final Talk talk;
  private final Message message;

  TextSending(Talk talk, Message message) {
    this.talk = talk;
    this.message = message;
  }

  /**
   * By DATA (RFC 5321 §4.1.1.4).
   *
   * @return the final reply, in {@link Phase#END_OF_TEXT}; or, in {@link Phase#DATA}, the one that
   *     refuses to hear the text
   */
  Reply byData() throws Broken {
    try (var text = new Quiet(message.source().open())) {
      Reply ready = talk.ask(Phase.DATA, "DATA");
      if (ready.code() != 354) {
        return ready;
      }
      talk.line().enter(Phase.TEXT);
      var wire = new BufferedOutputStream(new Blocks(), BLOCK);
      var dots = new DotWriter(wire);
      byte[] block = new byte[BLOCK];
      for (int n = text.read(block); n >= 0; n = text.read(block)) {
        dots.write(block, 0, n);
      }
      // All but the end is out before the phase changes: until here nothing can have been taken.
      wire.flush();
      talk.line().enter(Phase.END_OF_TEXT);
      dots.end();
      wire.flush();
      return talk.hear(Phase.END_OF_TEXT);
    } catch (Broken told) {
      throw told;
    } catch (IOException unreadable) {
      throw ours(unreadable);
    }
  }

  /** A message that cannot be read is our own trouble, told as data. */
  private Broken ours(IOException unreadable) {
    // The end must never follow half a message; and it has not: nothing is in doubt.
    talk.line().cut();
    talk.line().enter(Phase.TEXT);
    return new Broken(
        new Trouble.OurSide(
            unreadable instanceof DotWriter.BareLineEnd
                ? "a CR or an LF stands alone in the message"
                : "the message cannot be read"));
  }

  /** A text whose closing cannot fail: behind the final reply that would put it in doubt. */
  private static final class Quiet extends FilterInputStream {
    Quiet(InputStream text) {
      super(text);
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException readAllTheSame) {
        // All of it was read, or its trouble told already.
      }
    }
  }

  /** What the buffer lets go: one write each, each with its own deadline. */
  private final class Blocks extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] block, int off, int len) throws IOException {
      talk.line().write(block, off, len, Deadline.in(talk.patience().block()));
    }
  }

  /**
   * By BDAT (RFC 3030 §2).
   *
   * @return the reply to the last chunk, in {@link Phase#END_OF_TEXT}; or, in {@link Phase#TEXT},
   *     one that refuses a chunk before it
   */
  Reply byBdat() throws Broken {
    try (var text = new Quiet(message.source().open())) {
      byte[] chunk = new byte[Math.clamp(message.octets() + 1, 1, CHUNK)];
      for (boolean first = true; ; first = false) {
        int size = text.readNBytes(chunk, 0, chunk.length);
        boolean last = size < chunk.length;
        talk.line().enter(last ? Phase.END_OF_TEXT : Phase.TEXT);
        send(chunk, size, last);
        Reply reply = talk.hear(last ? Phase.END_OF_TEXT : Phase.TEXT);
        if (first && isUnknown(reply)) {
          // It may now take the text for commands: not another octet. Nothing was accepted.
          talk.line().enter(Phase.TEXT);
          throw new Broken(new Trouble.NoChunkingAfterAll(reply));
        }
        if (last || reply.code() / 100 != 2) {
          return reply;
        }
      }
    } catch (Broken told) {
      throw told;
    } catch (IOException unreadable) {
      throw ours(unreadable);
    }
  }

  private static boolean isUnknown(Reply reply) {
    return reply.code() == 500 || reply.code() == 502;
  }

  private void send(byte[] chunk, int size, boolean last) throws Broken {
    byte[] command =
        ("BDAT " + size + (last ? " LAST" : "") + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] both = new byte[command.length + Math.min(size, BLOCK)];
    int early = both.length - command.length;
    System.arraycopy(command, 0, both, 0, command.length);
    System.arraycopy(chunk, 0, both, command.length, early);
    for (int at = early - both.length; at < size; ) {
      boolean head = at < 0;
      int length = head ? both.length : Math.min(BLOCK, size - at);
      Deadline due = Deadline.in(talk.patience().block());
      talk.line().write(head ? both : chunk, head ? 0 : at, length, due);
      at = head ? early : at + length;
    }
  }
}
