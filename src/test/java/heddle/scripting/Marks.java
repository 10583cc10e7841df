package heddle.scripting;

import java.nio.file.Path;

/** Marks of folders, for tests of other rooms. */
public final class Marks {
  private Marks() {}

  public static String of(Path folder) throws HooksRefused {
    return HookFolder.read(folder).mark();
  }
}
