package heddle.real;

import java.util.Arrays;
import java.util.Random;

/** One thing that is wrong about a line. */
enum Mutation {
  FLIP {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      byte[] wrong = line.clone();
      wrong[at] ^= (byte) (1 << random.nextInt(8));
      return wrong;
    }
  },
  DROP {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      return spliced(line, at, new byte[0], at + 1);
    }
  },
  DOUBLE {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      return spliced(line, at, new byte[] {line[at]}, at);
    }
  },
  TRUNCATE {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      return Arrays.copyOf(line, at);
    }
  },
  APPEND {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      return spliced(
          line, line.length, new byte[] {(byte) ('!' + random.nextInt(90))}, line.length);
    }
  },
  INSERT_NUL {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      return spliced(line, at, new byte[] {0}, at);
    }
  },
  SWAP_CASE {
    @Override
    byte[] of(byte[] line, int at, Random random) {
      for (int i = at; i < at + line.length; i++) {
        int letter = line[i % line.length] | 0x20;
        if (letter >= 'a' && letter <= 'z') {
          byte[] wrong = line.clone();
          wrong[i % line.length] ^= 0x20;
          return wrong;
        }
      }
      return FLIP.of(line, at, random);
    }
  };

  abstract byte[] of(byte[] line, int at, Random random);

  /** A line with one thing wrong; it has an octet at least. CR and LF do not come about. */
  byte[] of(byte[] line, Random random) {
    byte[] wrong = of(line, random.nextInt(line.length), random);
    boolean ends = false;
    for (byte each : wrong) {
      ends |= each == '\r' || each == '\n';
    }
    return ends ? TRUNCATE.of(line, random.nextInt(line.length), random) : wrong;
  }

  private static byte[] spliced(byte[] line, int to, byte[] middle, int from) {
    byte[] all = new byte[to + middle.length + line.length - from];
    System.arraycopy(line, 0, all, 0, to);
    System.arraycopy(middle, 0, all, to, middle.length);
    System.arraycopy(line, from, all, to + middle.length, line.length - from);
    return all;
  }
}
