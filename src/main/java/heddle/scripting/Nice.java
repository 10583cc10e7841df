package heddle.scripting;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How willingly a thread gives way to others. Linux has that for each thread; the JDK reaches it
 * for whole processes only. Elsewhere nothing happens.
 */
final class Nice {
  /** Of 0 to 19: a thread so nice gets a thirtieth of a core that another one wants. */
  private static final int VERY = 15;

  private static final int PRIO_PROCESS = 0;
  private static final Optional<MethodHandle> GETTID =
      function("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final Optional<MethodHandle> SETPRIORITY =
      function(
          "setpriority",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));

  private Nice() {}

  @SuppressWarnings("restricted") // two calls of libc without a pointer
  private static Optional<MethodHandle> function(String name, FunctionDescriptor shape) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find(name).map(at -> linker.downcallHandle(at, shape));
  }

  /** The kernel's number of the thread that asks. */
  static OptionalInt me() {
    try {
      return GETTID.isPresent()
          ? OptionalInt.of((int) GETTID.get().invokeExact())
          : OptionalInt.empty();
    } catch (Throwable notToBeHad) {
      return OptionalInt.empty();
    }
  }

  /**
   * Makes a thread of this process give way. Without rights of its own it cannot take that back.
   */
  static void give(int thread) {
    try {
      if (SETPRIORITY.isPresent()) {
        int _ = (int) SETPRIORITY.get().invokeExact(PRIO_PROCESS, thread, VERY);
      }
    } catch (Throwable notToBeHad) {
      // Then it competes like the others.
    }
  }
}
