package heddle.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A regular expression run as a set of states, so that no pattern and no input can make it hang:
 * the time is at most the length of the input times {@link #MAX_STATES}. Knows letters, {@code . []
 * [^] \d \w \s \D \W \S ( ) | * + ? {m,n} ^ $}; no back references, no look-around. Matches the
 * whole text, without regard to letter case. Safe to share.
 */
final class Regex {
  static final int MAX_STATES = 2000;
  private static final int MAX_PATTERN = 500;
  private static final int MAX_INPUT = 4096;
  private static final int KEPT = 256;
  private static final ConcurrentHashMap<String, Regex> COMPILED = new ConcurrentHashMap<>();

  /** One state: a character of a set, or a step that reads nothing. */
  sealed interface State {
    /** Reads one character and goes to the next state. */
    record Read(CharacterSet set) implements State {}

    /** Goes to both. */
    record Fork(int one, int other) implements State {}

    record Jump(int to) implements State {}

    /** Goes on at the beginning only. */
    record AtStart() implements State {}

    /** Goes on at the end only. */
    record AtEnd() implements State {}

    record Accept() implements State {}
  }

  /** Some characters. */
  @FunctionalInterface
  interface CharacterSet {
    boolean has(char c);
  }

  private final State[] program;

  private Regex(State[] program) {
    this.program = program;
  }

  static Reading<Regex> read(String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      return Reading.bad("the pattern is longer than " + MAX_PATTERN + " characters", "");
    }
    return switch (RegexParser.parse(pattern)) {
      case Reading.Bad<State[]>(var reason, var how) -> Reading.bad(reason, how);
      case Reading.Good<State[]>(var program) -> Reading.good(new Regex(program));
    };
  }

  /** For a pattern that was read before; one that cannot be read matches nothing. */
  static Regex compiled(String pattern) {
    Regex known = COMPILED.get(pattern);
    if (known == null) {
      known =
          switch (read(pattern)) {
            case Reading.Good<Regex>(var regex) -> regex;
            case Reading.Bad<Regex> _ -> new Regex(new State[0]);
          };
      if (COMPILED.size() < KEPT) {
        COMPILED.put(pattern, known);
      }
    }
    return known;
  }

  boolean matches(String text) {
    if (program.length == 0 || text.length() > MAX_INPUT) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    var here = new States(program.length);
    var next = new States(program.length);
    int[] open = new int[2 * program.length + 1];
    enter(here, 0, open, 0, lower.length());
    for (int i = 0; i < lower.length() && here.size > 0; i++) {
      next.clear();
      char c = lower.charAt(i);
      for (int s = 0; s < here.size; s++) {
        if (program[here.list[s]] instanceof State.Read(var set)
            && (set.has(c) || set.has(Character.toUpperCase(c)))) {
          enter(next, here.list[s] + 1, open, i + 1, lower.length());
        }
      }
      States swap = here;
      here = next;
      next = swap;
    }
    for (int s = 0; s < here.size; s++) {
      if (program[here.list[s]] instanceof State.Accept) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a state and all that it reaches without reading.
   *
   * @param open room to work in
   */
  private void enter(States into, int first, int[] open, int at, int end) {
    int size = 0;
    open[size++] = first;
    while (size > 0) {
      int state = open[--size];
      if (!into.add(state)) {
        continue;
      }
      switch (program[state]) {
        case State.Jump(int to) -> open[size++] = to;
        case State.Fork(int one, int other) -> {
          open[size++] = one;
          open[size++] = other;
        }
        case State.AtStart _ when at == 0 -> open[size++] = state + 1;
        case State.AtEnd _ when at == end -> open[size++] = state + 1;
        case State.AtStart _, State.AtEnd _, State.Read _, State.Accept _ -> {}
      }
    }
  }

  /** A set of states that is cheap to clear. */
  private static final class States {
    private final int[] list;
    private final boolean[] in;
    private int size;

    States(int capacity) {
      list = new int[capacity];
      in = new boolean[capacity];
    }

    boolean add(int state) {
      if (in[state]) {
        return false;
      }
      in[state] = true;
      list[size++] = state;
      return true;
    }

    void clear() {
      Arrays.fill(in, false);
      size = 0;
    }
  }
}
