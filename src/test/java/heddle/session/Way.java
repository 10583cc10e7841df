package heddle.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Each mechanism, as its RFC has it: what a client may say first, what is asked where it says
 * nothing, and what comes of either.
 */
enum Way {
  PLAIN("PLAIN", Words.plain()),
  LOGIN("LOGIN", Words.login()),
  CRAM_MD5("CRAM-MD5", Words.cramMd5()),
  SCRAM_SHA_1("SCRAM-SHA-1", ScramWords.of("SHA-1", false)),
  SCRAM_SHA_1_PLUS("SCRAM-SHA-1-PLUS", ScramWords.of("SHA-1", true)),
  SCRAM_SHA_256("SCRAM-SHA-256", ScramWords.of("SHA-256", false)),
  SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS", ScramWords.of("SHA-256", true)),
  SCRAM_SHA_512("SCRAM-SHA-512", ScramWords.of("SHA-512", false)),
  SCRAM_SHA_512_PLUS("SCRAM-SHA-512-PLUS", ScramWords.of("SHA-512", true)),
  EXTERNAL("EXTERNAL", Words.external()),
  OAUTHBEARER("OAUTHBEARER", Words.oauthBearer()),
  XOAUTH2("XOAUTH2", Words.xoauth2()),
  /** The site's own, spoken by its hook. */
  X_SITE("X-SITE", Words.site());

  /**
   * @param initials what may be said with the command
   * @param otherwise what is asked where nothing was
   */
  record Beginning(List<Said> initials, Said.Asked otherwise) {}

  final String word;
  final Beginning beginning;

  Way(String word, Beginning beginning) {
    this.word = word;
    this.beginning = beginning;
  }

  /** Whether name and password cross the line as they are. */
  boolean tellsPassword() {
    return this == PLAIN || this == LOGIN;
  }

  static List<String> builtIn() {
    List<String> words = new ArrayList<>();
    for (Way way : values()) {
      if (way != X_SITE) {
        words.add(way.word);
      }
    }
    return words;
  }
}
